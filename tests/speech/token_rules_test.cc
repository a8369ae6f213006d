#include "speech/token_rules.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/speech/small_spec.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Tokens = std::vector<SpeechToken>;

std::vector<float> Flat() {
  return std::vector<float>(static_cast<std::size_t>(SmallSpec().vocabulary));
}

// Logits by which text is more probable than all times together.
std::vector<float> OfText() {
  std::vector<float> logits = Flat();
  logits[0] = 10;
  return logits;
}

Tokens Allowed(const Tokens& written, double length, std::vector<float> logits,
               const SpeechSpec& spec = SmallSpec()) {
  TokenRules(spec).Apply(written, length, &logits);
  Tokens allowed;
  for (std::size_t i = 0; i < logits.size(); ++i)
    if (std::isfinite(logits[i])) allowed.push_back(static_cast<int>(i));
  return allowed;
}

// The tokens from `first` to `last`.
Tokens Range(SpeechToken first, SpeechToken last) {
  Tokens tokens(static_cast<std::size_t>(last - first + 1));
  std::iota(tokens.begin(), tokens.end(), first);
  return tokens;
}

Tokens operator+(Tokens left, const Tokens& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(TokenRules, BeginWithATimeOfTheFirstSecond) {
  EXPECT_EQ(Allowed({}, 3, OfText()), Range(TimeToken(0), TimeToken(1)));
  EXPECT_EQ(Allowed({}, 0.5, OfText()), Range(TimeToken(0), TimeToken(0.5)));
  EXPECT_EQ(Allowed({}, 0.01, OfText()), Range(TimeToken(0), TimeToken(0.1)));
}

TEST(TokenRules, WriteWhatIsSaidBehindTheFirstTime) {
  EXPECT_EQ(Allowed({TimeToken(0.5)}, 3, OfText()), Range(0, kEnd));
}

TEST(TokenRules, EndAStretchWithALaterTime) {
  EXPECT_EQ(Allowed({TimeToken(0.5), 1}, 3, OfText()),
            Range(0, kEnd) + Range(TimeToken(0.6), TimeToken(3)));
  EXPECT_EQ(Allowed({TimeToken(0.5), 1, 2, 3}, 2, OfText()),
            Range(0, kEnd) + Range(TimeToken(0.6), TimeToken(2)));
}

TEST(TokenRules, StartTheNextStretchAtThatTimeOrLaterOrEnd) {
  std::vector<float> logits = OfText();
  logits[kEnd] = 10;  // beside which times are kept
  EXPECT_EQ(Allowed({TimeToken(0.5), 1, TimeToken(1.5)}, 3, logits),
            Tokens{kEnd} + Range(TimeToken(1.5), TimeToken(3)));
}

TEST(TokenRules, LetNoThirdTimeFollowTwo) {
  EXPECT_EQ(
      Allowed({TimeToken(0.5), 1, TimeToken(1.5), TimeToken(1.6)}, 3, Flat()),
      Range(0, kEnd));
}

TEST(TokenRules, GoNotBackInTime) {
  EXPECT_EQ(
      Allowed({TimeToken(0), 1, TimeToken(1), TimeToken(2), 4}, 2.5, OfText()),
      Range(0, kEnd) + Range(TimeToken(2.1), TimeToken(2.5)));
  // At the end of the window there is none that is later.
  EXPECT_EQ(
      Allowed({TimeToken(0), 1, TimeToken(2), TimeToken(2), 4}, 2, OfText()),
      Range(0, kEnd));
}

TEST(TokenRules, PreferTimesThatTogetherAreMoreProbable) {
  const Tokens written = {TimeToken(0), 1};  // 30 times may follow
  std::vector<float> logits = Flat();
  logits[0] = std::log(30.f) - 0.01f;
  EXPECT_EQ(Allowed(written, 3, logits), Range(TimeToken(0.1), TimeToken(3)));
  logits[0] = std::log(30.f) + 0.01f;
  EXPECT_EQ(Allowed(written, 3, logits),
            Range(0, kEnd) + Range(TimeToken(0.1), TimeToken(3)));
  // One time that is far more probable than text, however large the figures.
  logits.assign(logits.size(), -2000);
  logits.back() = 2000;
  EXPECT_EQ(Allowed(written, 3, logits), Range(TimeToken(0.1), TimeToken(3)));
}

TEST(TokenRules, WriteNoTokenThatIsSuppressed) {
  SpeechSpec spec = SmallSpec();
  spec.never = {3, 4, TimeToken(0.2)};
  spec.not_first = {5, TimeToken(0.3), kEnd};
  EXPECT_EQ(
      Allowed({}, 0.5, OfText(), spec),
      (Tokens{TimeToken(0), TimeToken(0.1), TimeToken(0.4), TimeToken(0.5)}));
  EXPECT_EQ(Allowed({TimeToken(0)}, 3, OfText(), spec),
            Range(0, 2) + Range(5, kEnd));
}

Tokens Repeated(const Tokens& round, std::size_t times) {
  Tokens tokens;
  for (std::size_t i = 0; i < times; ++i) tokens = tokens + round;
  return tokens;
}

TEST(Loops, AreFoundAfterFourRoundsAndTwoDozenTokens) {
  EXPECT_FALSE(EndsInLoop({}, SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Range(0, 300), SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Repeated({1}, 24), SmallSpec()));
  EXPECT_TRUE(EndsInLoop(Repeated({1}, 25), SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Repeated({1, 2, 3}, 8), SmallSpec()));
  EXPECT_TRUE(EndsInLoop(Repeated({1, 2, 3}, 9), SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Repeated(Range(0, 23), 4), SmallSpec()));
  EXPECT_TRUE(EndsInLoop(Repeated(Range(0, 23), 5), SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Repeated(Range(0, 24), 9), SmallSpec()));
}

TEST(Loops, AreFoundAtTheEndAlone) {
  EXPECT_TRUE(EndsInLoop(Range(100, 120) + Repeated({1, 2}, 30), SmallSpec()));
  EXPECT_FALSE(EndsInLoop(Repeated({1, 2}, 30) + Tokens{3}, SmallSpec()));
  // Whatever times come between.
  Tokens timed;
  for (int i = 0; i < 13; ++i)
    timed.insert(timed.end(), {1, 2, TimeToken(0.1 * i), TimeToken(0.1 * i)});
  EXPECT_TRUE(EndsInLoop(timed, SmallSpec()));
}

TEST(Loops, AreNoLongPassages) {
  EXPECT_TRUE(RepeatsShortly(Repeated({1}, 3), SmallSpec()));
  EXPECT_TRUE(RepeatsShortly(Repeated(Range(0, 23), 3), SmallSpec()));
  EXPECT_FALSE(RepeatsShortly(Repeated(Range(0, 24), 9), SmallSpec()));
  EXPECT_FALSE(RepeatsShortly(Range(0, 60), SmallSpec()));
  EXPECT_FALSE(RepeatsShortly({}, SmallSpec()));
}

TEST(Loops, AreCutToOneRound) {
  const auto cut = [](Tokens tokens) {
    CutLoop(SmallSpec(), &tokens);
    return tokens;
  };
  EXPECT_THAT(cut({}), IsEmpty());
  EXPECT_THAT(cut(Repeated({7}, 40)), ElementsAre(7));
  EXPECT_THAT(cut(Tokens{5, 6} + Repeated({1, 2, 3}, 20)),
              ElementsAre(5, 6, 1, 2, 3));
  EXPECT_EQ(cut(Range(0, 50)), Range(0, 50));
  // Whatever times come between.
  Tokens timed = {TimeToken(0)};
  for (int i = 1; i < 14; ++i)
    timed.insert(timed.end(), {1, 2, TimeToken(0.1 * i), TimeToken(0.1 * i)});
  EXPECT_THAT(cut(timed), ElementsAre(TimeToken(0), 1, 2, TimeToken(0.1)));
}

TEST(Loops, AreToldFromWhatIsNoRepetition) {
  EXPECT_THAT(
      RepeatedShortly({5, TimeToken(0), 1, 2, 1, TimeToken(1), 2, 1, 3},
                      SmallSpec()),
      ElementsAre(false, false, false, false, true, false, true, true, false));
}

}  // namespace
}  // namespace vsa
