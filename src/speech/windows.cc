#include "speech/windows.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "vsa/audio.h"

namespace vsa {
namespace {

// Sound is looked at in frames of 20 ms.
constexpr std::int64_t kFrame = kSampleRate / 50;
constexpr std::int64_t kLongest = 30 * 50;
constexpr std::int64_t kShortest = 10 * 50;

// A pause is the quietest stretch of so many frames.
constexpr std::int64_t kPause = 20;

// Mean squares. Silent is what is 50 dB softer than the loudest so far, but for
// what is as loud as speech may be (-60 dB of full scale), and surely the noise
// that is left when sound is written in 16 bits (-90 dB).
constexpr float kSilentPart = 1e-5f;
constexpr float kLoudestSilence = 1e-6f;
constexpr float kSoftestSound = 1e-9f;

// Of silence before the first word so much stays.
constexpr std::int64_t kLead = 10;

float MeanSquare(const float* samples, std::size_t count) {
  float sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += samples[i] * samples[i];
  return sum / static_cast<float>(count);
}

}  // namespace

void WindowCutter::Add(const std::vector<float>& samples,
                       std::vector<SoundWindow>* windows) {
  // Sample by sample the same, whatever the pieces.
  std::size_t taken = 0;
  while (taken < samples.size()) {
    const std::size_t room =
        static_cast<std::size_t>(kLongest * kFrame) - buffer_.size();
    const std::size_t now = std::min(room, samples.size() - taken);
    buffer_.insert(buffer_.end(), samples.begin() + taken,
                   samples.begin() + taken + now);
    taken += now;
    while ((static_cast<std::int64_t>(loudness_.size()) + 1) * kFrame <=
           static_cast<std::int64_t>(buffer_.size())) {
      loudness_.push_back(
          MeanSquare(buffer_.data() + loudness_.size() * kFrame, kFrame));
      loudest_ = std::max(loudest_, loudness_.back());
    }
    if (static_cast<std::int64_t>(loudness_.size()) < kLongest) continue;
    DropSilence();
    if (static_cast<std::int64_t>(loudness_.size()) == kLongest)
      Cut(FindPause(), windows);
  }
}

void WindowCutter::Finish(std::vector<SoundWindow>* windows) {
  DropSilence();
  // What is left may be silence still, but for a last frame that is not whole.
  const std::size_t whole = loudness_.size() * kFrame;
  const float rest =
      whole == buffer_.size()
          ? 0
          : MeanSquare(buffer_.data() + whole, buffer_.size() - whole);
  const float loudest =
      std::accumulate(loudness_.begin(), loudness_.end(), rest,
                      [](float a, float b) { return std::max(a, b); });
  if (loudest > Silence())
    Cut(static_cast<std::int64_t>(loudness_.size()), windows);
  buffer_.clear();
  loudness_.clear();
}

float WindowCutter::Silence() const {
  return std::clamp(kSilentPart * loudest_, kSoftestSound, kLoudestSilence);
}

void WindowCutter::DropSilence() {
  const auto sound = std::find_if(
      loudness_.begin(), loudness_.end(),
      [silence = Silence()](float loudness) { return loudness > silence; });
  const std::int64_t quiet =
      std::max<std::int64_t>(0, sound - loudness_.begin() - kLead);
  buffer_.erase(buffer_.begin(), buffer_.begin() + quiet * kFrame);
  loudness_.erase(loudness_.begin(), loudness_.begin() + quiet);
  start_ += quiet * kFrame;
}

// The middle of the pause, in frames; of several that are as quiet the last.
std::int64_t WindowCutter::FindPause() const {
  constexpr float kAsQuiet = 2;
  std::vector<float> sums;
  float least = 0;
  for (std::int64_t at = kShortest; at + kPause <= kLongest; ++at) {
    float sum = 0;
    for (std::int64_t i = at; i < at + kPause; ++i)
      sum += loudness_[static_cast<std::size_t>(i)];
    sums.push_back(sum);
    least = sums.size() == 1 ? sum : std::min(least, sum);
  }
  std::size_t last = sums.size() - 1;
  while (sums[last] > least * kAsQuiet + kPause * Silence()) --last;
  return kShortest + static_cast<std::int64_t>(last) + kPause / 2;
}

void WindowCutter::Cut(std::int64_t frames, std::vector<SoundWindow>* windows) {
  const bool all = frames == static_cast<std::int64_t>(loudness_.size());
  const std::int64_t size =
      all ? static_cast<std::int64_t>(buffer_.size()) : frames * kFrame;
  SoundWindow window;
  window.start = start_;
  window.samples.assign(buffer_.begin(), buffer_.begin() + size);
  windows->push_back(std::move(window));
  buffer_.erase(buffer_.begin(), buffer_.begin() + size);
  loudness_.erase(loudness_.begin(), loudness_.begin() + frames);
  start_ += size;
}

}  // namespace vsa
