#include "speech/pauses.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "vsa/audio.h"

namespace vsa {
namespace {

constexpr std::size_t kFrame = kPauseSamples;
constexpr std::size_t kShortest = 10;  // frames of a pause

// In decibels. Of digital silence.
constexpr float kNothing = -120;
// What is softer by so much than the loudest is as good as silent.
constexpr float kMostRange = 65;
// Speech is at least so much louder than what is behind it.
constexpr float kLeastRange = 20;
// A pause is in the lowest part of the range.
constexpr float kPart = 0.4f;

float LoudnessOf(const float* samples, std::size_t count) {
  float sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += samples[i] * samples[i];
  const float mean = sum / static_cast<float>(count);
  return std::max(kNothing, 10 * std::log10(mean));
}

float Quantile(std::vector<float> values, double part) {
  const auto at = static_cast<std::ptrdiff_t>(
      part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

std::vector<bool> FindPauses(const std::vector<float>& samples) {
  std::vector<float> loudness;
  for (std::size_t at = 0; at < samples.size(); at += kFrame) {
    loudness.push_back(
        LoudnessOf(samples.data() + at, std::min(kFrame, samples.size() - at)));
  }
  std::vector<bool> pauses(loudness.size(), false);
  if (loudness.empty()) return pauses;
  const float loudest = Quantile(loudness, 0.95);
  const float softest =
      std::max(Quantile(loudness, 0.05), loudest - kMostRange);
  const float range = loudest - softest;
  if (range < kLeastRange) return pauses;
  const float most = softest + kPart * range;
  for (std::size_t begin = 0; begin < loudness.size();) {
    std::size_t end = begin;
    while (end < loudness.size() && loudness[end] <= most) ++end;
    if (end - begin >= kShortest)
      std::fill(pauses.begin() + static_cast<std::ptrdiff_t>(begin),
                pauses.begin() + static_cast<std::ptrdiff_t>(end), true);
    begin = end + 1;
  }
  return pauses;
}

}  // namespace vsa
