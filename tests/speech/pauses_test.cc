#include "speech/pauses.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "vsa/audio.h"

namespace vsa {
namespace {

using testing::Each;
using testing::IsEmpty;

// A tone of 3 s with noise, soft between `from` and `to` seconds.
std::vector<float> Tone(double from, double to, float noise = 0.001f) {
  std::mt19937 chance(3);
  std::vector<float> samples;
  for (int i = 0; i < 3 * kSampleRate; ++i) {
    const double at = static_cast<double>(i) / kSampleRate;
    const auto random = static_cast<float>(chance() % 2001) / 1000 - 1;
    const bool soft = at >= from && at < to;
    samples.push_back(
        random * noise +
        (soft ? 0 : static_cast<float>(0.3 * std::sin(at * 2000))));
  }
  return samples;
}

TEST(FindPauses, FindsWhereItIsSoft) {
  const std::vector<bool> pauses = FindPauses(Tone(1, 1.5));
  ASSERT_EQ(pauses.size(), 150u);
  for (std::size_t i = 0; i < pauses.size(); ++i)
    EXPECT_EQ(pauses[i], i >= 50 && i < 75) << i;
}

TEST(FindPauses, FindsTheSameInQuietSound) {
  std::vector<float> samples = Tone(1, 1.5);
  const std::vector<bool> pauses = FindPauses(samples);
  for (float& sample : samples) sample *= 0.005f;  // by 46 dB
  EXPECT_EQ(FindPauses(samples), pauses);
}

TEST(FindPauses, FindsNoneThatIsShort) {
  EXPECT_THAT(FindPauses(Tone(1, 1.16)), Each(false));
}

TEST(FindPauses, FindsNoneInNoiseAndSilence) {
  EXPECT_THAT(FindPauses(Tone(0, 3, 0.3f)), Each(false));
  EXPECT_THAT(FindPauses(Tone(1, 1.5, 0.2f)), Each(false));
  EXPECT_THAT(FindPauses(std::vector<float>(1000)), Each(false));
  EXPECT_THAT(FindPauses({}), IsEmpty());
}

}  // namespace
}  // namespace vsa
