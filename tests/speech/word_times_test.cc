#include "speech/word_times.h"

#include <gmock/gmock.h>

#include <limits>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Matrix = std::vector<std::vector<float>>;

constexpr std::size_t kFrames = 300;

auto Is(std::size_t begin, std::size_t end) {
  return testing::AllOf(testing::Field(&FrameSpan::begin, begin),
                        testing::Field(&FrameSpan::end, end));
}

// A token that looks at [begin, end) and a little everywhere.
std::vector<float> LookingAt(std::size_t begin, std::size_t end) {
  std::vector<float> row(kFrames, 0.001f);
  for (std::size_t i = begin; i < end; ++i) row[i] = 0.1f;
  return row;
}

std::vector<bool> NoPause() { return std::vector<bool>(kFrames, false); }

TEST(AlignTokens, FindsTheFramesThatEachTokenLooksAt) {
  EXPECT_THAT(
      AlignTokens({LookingAt(0, 15), LookingAt(15, 25), LookingAt(25, 60)},
                  NoPause()),
      ElementsAre(Is(0, 15), Is(15, 25), Is(25, kFrames)));
}

TEST(AlignTokens, GoesForwardThoughATokenLooksBackOrAtASingleFrame) {
  Matrix attention = {LookingAt(0, 20), LookingAt(20, 40), LookingAt(40, 60)};
  attention[2][3] = 0.9f;  // the median leaves it out
  EXPECT_THAT(AlignTokens(attention, NoPause()),
              ElementsAre(Is(0, 20), Is(20, 40), Is(40, kFrames)));
}

TEST(AlignTokens, GivesNoTokenAPause) {
  // The first one looks on in it.
  std::vector<bool> pauses = NoPause();
  for (std::size_t i = 20; i < 40; ++i) pauses[i] = true;
  EXPECT_THAT(AlignTokens({LookingAt(0, 35), LookingAt(40, 60)}, pauses),
              ElementsAre(Is(0, 20), Is(40, kFrames)));
}

TEST(AlignTokens, GivesEachTokenAFrame) {
  const auto spans =
      AlignTokens(Matrix(kFrames + 5, LookingAt(10, 12)), NoPause());
  ASSERT_EQ(spans.size(), kFrames + 5);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    EXPECT_GT(spans[i].end, spans[i].begin);
    EXPECT_LE(spans[i].end, kFrames);
    if (i > 0) {
      EXPECT_GE(spans[i].begin, spans[i - 1].begin);
    }
  }
}

TEST(AlignTokens, TellsNothingOfWeightsThatLookNowhereInParticular) {
  EXPECT_THAT(AlignTokens({}, {}), IsEmpty());
  EXPECT_THAT(AlignTokens({{}, {}}, {}), IsEmpty());
  EXPECT_THAT(
      AlignTokens(Matrix(3, std::vector<float>(kFrames, 0.01f)), NoPause()),
      IsEmpty());
  EXPECT_THAT(AlignTokens(Matrix(3, std::vector<float>(kFrames, 0)), NoPause()),
              IsEmpty());
  // What a model without such heads gives.
  const float none = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(
      AlignTokens(Matrix(3, std::vector<float>(kFrames, none)), NoPause()),
      IsEmpty());
  EXPECT_THAT(AlignTokens({LookingAt(0, 9)}, std::vector<bool>(kFrames, true)),
              IsEmpty());
}

}  // namespace
}  // namespace vsa
