#include "speech/hear.h"

#include <gmock/gmock.h>

#include "tests/speech/fake_speech.h"

namespace vsa {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::SizeIs;

constexpr std::size_t kFrame = 320;
constexpr std::size_t kFrames = 150;  // of 3 s

auto Is(int start, int end, const std::string& text) {
  return testing::AllOf(testing::Field(&HeardCue::start, milliseconds(start)),
                        testing::Field(&HeardCue::end, milliseconds(end)),
                        testing::Field(&HeardCue::text, text));
}

// The first sample of each window.
std::vector<float> BeginsOf(const std::vector<std::vector<float>>& windows) {
  std::vector<float> begins;
  for (const std::vector<float>& window : windows)
    begins.push_back(window.at(0));
  return begins;
}

// Writes "Hello" of the first 0.4 s of whatever it is given; of a window that
// begins in `noise`, nothing. A sample tells which frame of which window it is
// of: 1000 times the window and the frame.
class FakeSpeechModel : public SpeechModel {
 public:
  explicit FakeSpeechModel(float noise = 1e6f) : noise_(noise) {}

  std::unique_ptr<SpeechStates> Encode(
      const std::vector<std::vector<float>>& windows) const override {
    const std::vector<float> begins = BeginsOf(windows);
    given.push_back(begins);
    return std::make_unique<FakeSpeechStates>(
        [this, begins](std::size_t window, const Tokens& written) {
          return begins.at(window) >= noise_
                     ? Say({TimeToken(0)}, written)
                     : Say({TimeToken(0), 0, TimeToken(0.4)}, written);
        });
  }

  mutable std::vector<std::vector<float>> given;  // the first sample of each

 private:
  const float noise_;
};

// Windows of 3 s, with pauses of frames [begin, end).
struct Pause {
  std::size_t begin, end;
};

std::vector<std::vector<HeardCue>> HeardOf(
    const FakeSpeechModel& model,
    const std::vector<std::vector<Pause>>& pauses) {
  std::vector<std::vector<float>> windows;
  std::vector<WindowSound> sounds;
  for (const std::vector<Pause>& of_window : pauses) {
    const auto number = static_cast<float>(1000 * windows.size());
    windows.emplace_back();
    for (std::size_t frame = 0; frame < kFrames; ++frame) {
      windows.back().insert(windows.back().end(), kFrame,
                            number + static_cast<float>(frame));
    }
    sounds.push_back({3, std::vector<bool>(kFrames, false)});
    for (const Pause& pause : of_window) {
      for (std::size_t at = pause.begin; at < pause.end; ++at)
        sounds.back().pauses[at] = true;
    }
  }
  return Hear(model, windows, nullptr, sounds, 0, "en", SmallSpec());
}

TEST(Hear, ListensAgainWhereTheTextEndsBeforeTheSound) {
  FakeSpeechModel model;
  // 0.2 s of the pause stay; 1 s of sound and less is no matter.
  EXPECT_THAT(HeardOf(model, {{{18, 60}, {121, 150}}})[0],
              ElementsAre(Is(0, 400, "Hello"), Is(1000, 1400, "Hello"),
                          Is(1400, 1800, "Hello")));
  EXPECT_THAT(model.given,
              ElementsAre(ElementsAre(0), ElementsAre(50), ElementsAre(70)));
}

TEST(Hear, ListensToTheRestsOfSeveralWindowsSideBySide) {
  FakeSpeechModel model;
  const auto heard = HeardOf(model, {{{20, 150}}, {{20, 90}}, {}, {{70, 150}}});
  EXPECT_THAT(heard[0], ElementsAre(Is(0, 400, "Hello")));
  EXPECT_THAT(heard[1],
              ElementsAre(Is(0, 400, "Hello"), Is(1600, 2000, "Hello")));
  EXPECT_THAT(heard[2], SizeIs(5));
  EXPECT_THAT(heard[3], ElementsAre(Is(0, 400, "Hello")));
  EXPECT_THAT(
      model.given,
      ElementsAre(ElementsAre(0, 1000, 2000, 3000), ElementsAre(1080, 2020),
                  ElementsAre(2040), ElementsAre(2060), ElementsAre(2080)));
}

// Of a window it writes the first word and that from 2.5 s on; of a rest that
// begins in its middle "you".
class SkippingSpeechModel : public SpeechModel {
 public:
  std::unique_ptr<SpeechStates> Encode(
      const std::vector<std::vector<float>>& windows) const override {
    const std::vector<float> begins = BeginsOf(windows);
    given.push_back(begins);
    sizes.push_back(windows[0].size());
    return std::make_unique<FakeSpeechStates>(
        [this, begins](std::size_t window, const Tokens& written) {
          return begins.at(window) > 0
                     ? Say({TimeToken(0), 1, TimeToken(0.4)}, written, sure)
                     : Say({TimeToken(0), 0, TimeToken(0.4), TimeToken(2.5), 0,
                            TimeToken(3)},
                           written);
        });
  }

  double sure = 1;  // of a rest
  mutable std::vector<std::vector<float>> given;
  mutable std::vector<std::size_t> sizes;
};

TEST(Hear, ListensAgainBetweenTwoWordsThatAreFarApart) {
  SkippingSpeechModel model;
  std::vector<float> window;
  for (std::size_t frame = 0; frame < kFrames; ++frame)
    window.insert(window.end(), kFrame, static_cast<float>(frame));
  std::vector<bool> pauses(kFrames, false);
  const auto heard =
      Hear(model, {window}, nullptr, {{3, pauses}}, 0, "en", SmallSpec())[0];
  EXPECT_THAT(heard, ElementsAre(Is(0, 400, "Hello"), Is(400, 800, "you"),
                                 Is(800, 1200, "you"), Is(1200, 1600, "you"),
                                 Is(2500, 3000, "Hello")));
  EXPECT_THAT(model.given, ElementsAre(ElementsAre(0), ElementsAre(20),
                                       ElementsAre(40), ElementsAre(60)));
  EXPECT_THAT(model.sizes, ElementsAre(150 * kFrame, 105 * kFrame, 85 * kFrame,
                                       65 * kFrame));
  model.sure = 0.5;  // as of noise
  EXPECT_THAT(
      Hear(model, {window}, nullptr, {{3, pauses}}, 0, "en", SmallSpec())[0],
      SizeIs(2));
  // 2 s and less are no matter.
  model.sure = 1;
  for (std::size_t at = 30; at < 35; ++at) pauses[at] = true;
  EXPECT_THAT(
      Hear(model, {window}, nullptr, {{3, pauses}}, 0, "en", SmallSpec())[0],
      SizeIs(2));
}

TEST(Hear, ListensNotAgainWhereNothingWasHeard) {
  FakeSpeechModel model(20);
  EXPECT_THAT(HeardOf(model, {{}})[0], ElementsAre(Is(0, 400, "Hello")));
  EXPECT_THAT(model.given, ElementsAre(ElementsAre(0), ElementsAre(20)));
}

}  // namespace
}  // namespace vsa
