#include "speech/hear.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>

#include "speech/decode.h"
#include "speech/pauses.h"

namespace vsa {
namespace {

// So often at most the rest of a window is heard.
constexpr std::uint64_t kMostRests = 4;

// In frames of pauses: so much sound at least is heard again, and so much of
// the pause before it stays.
constexpr std::ptrdiff_t kLeastSound = 50;
constexpr std::ptrdiff_t kLead = 10;

// The frame at which to listen again; the window's last where there is no need.
std::ptrdiff_t RestBegin(const std::vector<HeardCue>& cues,
                         const std::vector<bool>& pauses) {
  const auto frames = static_cast<std::ptrdiff_t>(pauses.size());
  if (cues.empty()) return frames;
  const auto said = std::min(
      frames, static_cast<std::ptrdiff_t>(
                  (cues.back().end + kPauseTime - Time(1)) / kPauseTime));
  const auto behind = std::next(pauses.begin(), said);
  if (std::count(behind, pauses.end(), false) <= kLeastSound) return frames;
  const std::ptrdiff_t sound =
      std::find(behind, pauses.end(), false) - pauses.begin();
  return std::max(said, sound - kLead);
}

}  // namespace

std::vector<std::vector<HeardCue>> Hear(
    const SpeechModel& model, const std::vector<std::vector<float>>& windows,
    const SpeechStates* states, const std::vector<WindowSound>& sounds,
    std::uint64_t first, const std::string& language, const SpeechSpec& spec) {
  std::vector<std::vector<HeardCue>> texts =
      Decode(states != nullptr ? *states : *model.Encode(windows), sounds,
             first, language, spec);
  std::vector<std::size_t> open(windows.size());  // where the last was heard
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (std::uint64_t round = 1; round <= kMostRests; ++round) {
    std::vector<std::size_t> of;  // the window of each rest
    std::vector<Time> starts;
    std::vector<std::vector<float>> rests;
    std::vector<WindowSound> rest_sounds;
    for (const std::size_t i : open) {
      const std::vector<bool>& pauses = sounds[i].pauses;
      const std::ptrdiff_t begin = RestBegin(texts[i], pauses);
      if (begin == static_cast<std::ptrdiff_t>(pauses.size())) continue;
      of.push_back(i);
      starts.push_back(begin * kPauseTime);
      rests.emplace_back(std::next(windows[i].begin(), begin * kPauseSamples),
                         windows[i].end());
      rest_sounds.push_back(
          {static_cast<double>(rests.back().size()) / kSampleRate,
           std::vector<bool>(std::next(pauses.begin(), begin), pauses.end())});
    }
    if (rests.empty()) break;
    // Numbers that no window has: there are not so many.
    std::vector<std::vector<HeardCue>> heard =
        Decode(*model.Encode(rests), rest_sounds, first + (round << 28),
               language, spec);
    open.clear();
    for (std::size_t i = 0; i < rests.size(); ++i) {
      if (!heard[i].empty()) open.push_back(of[i]);
      for (HeardCue& cue : heard[i]) {
        Shift(starts[i], &cue);
        texts[of[i]].push_back(std::move(cue));
      }
    }
  }
  return texts;
}

}  // namespace vsa
