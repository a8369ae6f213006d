// The progress of a run, by a clock of the test's.
#include "program/progress.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

using std::chrono::seconds;

class ProgressTest : public testing::Test {
 protected:
  Progress Make(ProgressStyle style) {
    return Progress(
        style, [this](const std::string& text) { written_ += text; },
        [this] { return now_; });
  }
  std::chrono::steady_clock::time_point now_{};
  std::string written_;
};

TEST_F(ProgressTest, LinesComeEveryHalfMinute) {
  Progress progress = Make(ProgressStyle::kLines);
  progress.Start(1000);
  for (int i = 0; i < 4; ++i) {
    now_ += seconds(10);
    progress.ItemDone(i == 1);
  }
  EXPECT_EQ(written_, "vsa: 3 of 1000, 1 failed, 6.0/min, 2:46:10 left\n");
}

TEST_F(ProgressTest, ATerminalHasOneLineThatGivesWayToOthers) {
  Progress progress = Make(ProgressStyle::kTerminal);
  progress.Start(3);
  now_ += seconds(2);
  progress.ItemDone(false);
  EXPECT_EQ(written_, "vsa: 1 of 3, 0 failed, 30.0/min, 0:04 left");
  written_ = "";
  progress.Around([&] { written_ += "vsa: a.mp4: is empty\n"; });
  now_ += seconds(2);
  progress.ItemDone(true);
  EXPECT_EQ(written_,
            "\r\033[Kvsa: a.mp4: is empty\n"
            "vsa: 2 of 3, 1 failed, 30.0/min, 0:02 left");
  written_ = "";
  now_ += seconds(2);
  progress.ItemDone(false);
  progress.Around([] {});
  EXPECT_EQ(written_,
            "\r\033[Kvsa: 3 of 3, 1 failed, 30.0/min, 0:00 left\r\033[K");
}

TEST_F(ProgressTest, OfHowManyIsNotSaidWhereItIsNotKnown) {
  Progress progress = Make(ProgressStyle::kLines);
  progress.Start(std::nullopt);
  now_ += seconds(30);
  progress.ItemDone(true);
  EXPECT_EQ(written_, "vsa: 1 done, 1 failed, 2.0/min\n");
}

TEST_F(ProgressTest, NoneIsSilent) {
  Progress progress = Make(ProgressStyle::kNone);
  progress.Start(1);
  now_ += seconds(100);
  progress.ItemDone(true);
  progress.Around([] {});
  EXPECT_EQ(written_, "");
}

}  // namespace
}  // namespace vsa
