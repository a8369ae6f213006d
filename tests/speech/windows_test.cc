#include "speech/windows.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "vsa/audio.h"

namespace vsa {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

using Samples = std::vector<float>;

std::size_t Count(double seconds) {
  return static_cast<std::size_t>(std::llround(seconds * kSampleRate));
}

double Seconds(std::int64_t samples) {
  return static_cast<double>(samples) / kSampleRate;
}

double EndOf(const SoundWindow& window) {
  return Seconds(window.start +
                 static_cast<std::int64_t>(window.samples.size()));
}

void Append(double seconds, float amplitude, Samples* samples) {
  for (std::size_t i = 0; i < Count(seconds); ++i) {
    samples->push_back(amplitude *
                       std::sin(static_cast<float>(i % 160) * 0.3927f));
  }
}

// A tone with pauses of half a second at `pauses`, each as loud as it says.
struct Pause {
  double start;
  float amplitude;
};
Samples ToneWith(const std::vector<Pause>& pauses, double seconds) {
  Samples samples;
  for (const Pause& pause : pauses) {
    Append(pause.start - Seconds(static_cast<std::int64_t>(samples.size())),
           0.3f, &samples);
    Append(0.5, pause.amplitude, &samples);
  }
  Append(seconds - Seconds(static_cast<std::int64_t>(samples.size())), 0.3f,
         &samples);
  return samples;
}

std::vector<SoundWindow> WindowsOf(const Samples& samples, std::size_t piece) {
  WindowCutter cutter;
  std::vector<SoundWindow> windows;
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    const std::size_t end = std::min(at + piece, samples.size());
    cutter.Add({samples.begin() + static_cast<std::ptrdiff_t>(at),
                samples.begin() + static_cast<std::ptrdiff_t>(end)},
               &windows);
  }
  cutter.Finish(&windows);
  return windows;
}

std::vector<SoundWindow> WindowsOf(const Samples& samples) {
  return WindowsOf(samples, samples.size());
}

// Each window holds the samples of its place, and all of them are in one.
void ExpectAllOf(const Samples& samples,
                 const std::vector<SoundWindow>& windows) {
  std::int64_t at = 0;
  for (const SoundWindow& window : windows) {
    EXPECT_EQ(window.start, at);
    ASSERT_LE(static_cast<std::size_t>(at) + window.samples.size(),
              samples.size());
    EXPECT_TRUE(std::equal(window.samples.begin(), window.samples.end(),
                           samples.begin() + at));
    at += static_cast<std::int64_t>(window.samples.size());
  }
  EXPECT_EQ(static_cast<std::size_t>(at), samples.size());
}

TEST(SoundWindows, AreCutAtTheQuietestPause) {
  const Samples samples =
      ToneWith({{5, 0}, {14, 0.001f}, {19, 0.01f}, {24, 0.05f}}, 40);
  const std::vector<SoundWindow> windows = WindowsOf(samples);
  ASSERT_THAT(windows, SizeIs(2));
  EXPECT_GT(EndOf(windows[0]), 14);
  EXPECT_LT(EndOf(windows[0]), 14.5);
  ExpectAllOf(samples, windows);
}

TEST(SoundWindows, AreCutAtTheLastOfPausesThatAreAsQuiet) {
  const Samples samples = ToneWith({{12, 0}, {17, 0}, {23, 0}}, 35);
  const std::vector<SoundWindow> windows = WindowsOf(samples);
  ASSERT_THAT(windows, SizeIs(2));
  EXPECT_GT(EndOf(windows[0]), 23);
  EXPECT_LT(EndOf(windows[0]), 23.5);
  ExpectAllOf(samples, windows);
}

TEST(SoundWindows, AreNeverLongerThan30SecondsNorCutBefore10) {
  const Samples tone = ToneWith({}, 100.5);
  const Samples early = ToneWith({{2, 0}, {4, 0}, {8, 0}}, 70);
  for (const Samples& samples : {tone, early}) {
    const std::vector<SoundWindow> windows = WindowsOf(samples);
    ExpectAllOf(samples, windows);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      EXPECT_LE(windows[i].samples.size(), Count(30));
      if (i + 1 < windows.size()) {
        EXPECT_GE(windows[i].samples.size(), Count(10));
      }
    }
  }
}

TEST(SoundWindows, ThatAreJust30SecondsAreOne) {
  EXPECT_THAT(WindowsOf(ToneWith({}, 29.99)), SizeIs(1));
  EXPECT_THAT(WindowsOf(ToneWith({}, 0.001)), SizeIs(1));
}

TEST(SoundWindows, OfSilenceAreNone) {
  EXPECT_THAT(WindowsOf({}), IsEmpty());
  for (const double seconds : {0.001, 0.02, 5.0, 5.013, 30.0, 61.007}) {
    Samples samples(Count(seconds), 0.0f);
    EXPECT_THAT(WindowsOf(samples), IsEmpty()) << seconds;
    // What is left of it in 16 bits.
    for (std::size_t i = 0; i < samples.size(); ++i)
      samples[i] = i % 3 == 1 ? 1.0f / 32768 : 0;
    EXPECT_THAT(WindowsOf(samples), IsEmpty()) << seconds;
  }
}

// Softer than anybody speaks into the same microphone.
TEST(SoundWindows, OfWhatIsMuchSofterThanWhatWasBeforeItAreNone) {
  Samples samples;
  Append(5, 0.3f, &samples);
  Append(60, 0.0009f, &samples);
  EXPECT_THAT(WindowsOf(samples), SizeIs(1));
}

TEST(SoundWindows, OfQuietSoundAreThoseOfLoudSound) {
  Samples samples = ToneWith({{12, 0}, {17, 0.0005f}, {23, 0}}, 35);
  samples.resize(samples.size() + Count(40));
  Append(8, 0.3f, &samples);
  const std::vector<SoundWindow> loud = WindowsOf(samples);
  for (float& sample : samples) sample *= 0.005f;  // by 46 dB
  const std::vector<SoundWindow> quiet = WindowsOf(samples);
  ASSERT_THAT(loud, SizeIs(3));
  ASSERT_THAT(quiet, SizeIs(3));
  for (std::size_t i = 0; i < loud.size(); ++i) {
    EXPECT_EQ(quiet[i].start, loud[i].start);
    EXPECT_EQ(quiet[i].samples.size(), loud[i].samples.size());
  }
}

TEST(SoundWindows, StartShortlyBeforeTheFirstSound) {
  for (const double silence : {0.1, 0.5, 7.0, 29.9, 30.0, 75.31}) {
    SCOPED_TRACE(silence);
    Samples samples(Count(silence), 0.0f);
    Append(3, 0.3f, &samples);
    const std::vector<SoundWindow> windows = WindowsOf(samples);
    ASSERT_THAT(windows, SizeIs(1));
    EXPECT_NEAR(Seconds(windows[0].start), std::max(0.0, silence - 0.2), 0.021);
    EXPECT_TRUE(std::equal(windows[0].samples.begin(), windows[0].samples.end(),
                           samples.begin() + windows[0].start));
    EXPECT_NEAR(EndOf(windows[0]), silence + 3, 1e-9);
  }
}

TEST(SoundWindows, LeaveSilenceBetweenSoundsOut) {
  Samples samples;
  Append(12, 0.3f, &samples);
  samples.resize(samples.size() + Count(100));
  Append(2, 0.3f, &samples);
  const std::vector<SoundWindow> windows = WindowsOf(samples);
  ASSERT_THAT(windows, SizeIs(2));
  EXPECT_EQ(windows[0].start, 0);
  EXPECT_NEAR(Seconds(windows[1].start), 111.8, 0.021);
  EXPECT_NEAR(EndOf(windows[1]), 114, 1e-9);
}

TEST(SoundWindows, AreTheSameWhateverThePieces) {
  std::mt19937 chance(7);
  Samples samples;
  for (int i = 0; i < 12; ++i) {
    Append(static_cast<double>(chance() % 9000) / 1000, 0.2f, &samples);
    samples.resize(samples.size() + chance() % 40000);
  }
  const std::vector<SoundWindow> whole = WindowsOf(samples);
  ASSERT_GT(whole.size(), 1u);
  for (const std::size_t piece : {1, 160, 1023, 48000, 480001}) {
    SCOPED_TRACE(piece);
    const std::vector<SoundWindow> windows = WindowsOf(samples, piece);
    ASSERT_EQ(windows.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(windows[i].start, whole[i].start);
      EXPECT_EQ(windows[i].samples, whole[i].samples);
    }
  }
}

// A reader gives none of them; if one does, no window grows and none is lost.
TEST(SoundWindows, AreCutOfSamplesThatAreNoNumbers) {
  const float values[] = {std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity(), 1e30f};
  for (const float value : values) {
    SCOPED_TRACE(value);
    Samples samples = ToneWith({{15, 0}}, 65);
    for (std::size_t i = Count(11); i < samples.size(); i += 100)
      samples[i] = value;
    std::size_t all = 0;
    for (const SoundWindow& window : WindowsOf(samples)) {
      EXPECT_LE(window.samples.size(), Count(30));
      EXPECT_FALSE(window.samples.empty());
      all += window.samples.size();
    }
    EXPECT_LE(all, samples.size());
    EXPECT_GE(all, Count(11));
  }
}

}  // namespace
}  // namespace vsa
