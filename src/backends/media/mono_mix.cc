#include "backends/media/mono_mix.h"

#include <algorithm>

#include "vsa/audio.h"

namespace vsa {
namespace {

// How much of the energies stays from one sample to the next: they are those
// of the last 0.05 s.
constexpr float kStays = 1 - 20.0f / kSampleRate;

// Parts of the louder channel's energy. A mean that has less than the first is
// not heard at all, one that has more than the second alone: of channels that
// have nothing to do with each other it has a half, of a single one a quarter.
// Where it has less both channels hold the same, so that either may be left
// out.
constexpr float kCancelled = 0.1f;
constexpr float kMixed = 0.2f;

// Nobody hears it, and it keeps the energies from becoming too small for quick
// arithmetic.
constexpr float kNothing = 1e-20f;

}  // namespace

void MonoMix::Mix(const float* left, const float* right, std::size_t count,
                  float* mixed) {
  const auto add = [](float sample, float* energy) {
    *energy = *energy * kStays + sample * sample + kNothing;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const float mean = (left[i] + right[i]) / 2;
    add(left[i], &left_);
    add(right[i], &right_);
    add(mean, &mean_);
    const float part = mean_ / std::max(left_, right_);
    const float weight =
        std::clamp((part - kCancelled) / (kMixed - kCancelled), 0.0f, 1.0f);
    mixed[i] = left[i] + weight * (mean - left[i]);
  }
}

}  // namespace vsa
