#include "speech/stretches.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/speech/fake_speech.h"

namespace vsa {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

// 4 s, of which 2 to 3 s are a pause.
WindowSound Window() {
  WindowSound window;
  window.length = 4;
  window.pauses.resize(200, false);
  for (std::size_t i = 100; i < 150; ++i) window.pauses[i] = true;
  return window;
}

// A token and the hundredths of the window that it looks at.
struct Look {
  SpeechToken token;
  std::size_t begin, end;
};

WrittenTokens Written(const std::vector<Look>& looks) {
  WrittenTokens written;
  for (const Look& look : looks) {
    written.attention.emplace_back(200, 0.0005f);
    for (std::size_t i = look.begin * 2; i < look.end * 2; ++i)
      written.attention.back()[i] = 0.1f;
    if (look.token == kEnd) continue;
    written.tokens.push_back(look.token);
    written.probabilities.push_back(0.5 + 0.1 * look.token);
  }
  return written;
}

auto Word(const std::string& text, int start, int end) {
  return testing::AllOf(testing::Field(&HeardWord::text, text),
                        testing::Field(&HeardWord::start, milliseconds(start)),
                        testing::Field(&HeardWord::end, milliseconds(end)));
}

TEST(Stretches, LastFromTheirFirstWordToTheirLastAndEndAtPauses) {
  const std::vector<HeardCue> cues =
      StretchesOf(Written({{TimeToken(0), 0, 10},
                           {0, 10, 25},
                           {1, 25, 60},
                           {0, 75, 90},
                           {TimeToken(2.9), 90, 95},
                           {kEnd, 95, 100}}),
                  Window(), SmallSpec());
  ASSERT_EQ(cues.size(), 2u);
  EXPECT_EQ(cues[0].text, "Hello you");
  EXPECT_EQ(cues[0].start, milliseconds(400));
  EXPECT_EQ(cues[0].end, milliseconds(2000));
  EXPECT_THAT(cues[0].words,
              ElementsAre(Word("Hello", 400, 1000), Word(" you", 1000, 2000)));
  EXPECT_NEAR(cues[0].words[1].probability, 0.6, 1e-9);
  EXPECT_EQ(cues[1].text, "Hello");
  EXPECT_THAT(cues[1].words, ElementsAre(Word("Hello", 3000, 3600)));
}

TEST(Stretches, PutTheTokensOfAWordTogether) {
  SpeechSpec spec = SmallSpec();
  spec.tokens[2] = " \xE4\xBD";  // 你 has three bytes
  spec.tokens[3] = "\xA0";
  spec.tokens[4] = "llo";
  const std::vector<HeardCue> cues = StretchesOf(Written({{TimeToken(0), 0, 5},
                                                          {2, 5, 15},
                                                          {3, 15, 25},
                                                          {1, 25, 35},
                                                          {4, 35, 50},
                                                          {kEnd, 75, 100}}),
                                                 Window(), spec);
  ASSERT_EQ(cues.size(), 1u);
  EXPECT_THAT(cues[0].words, ElementsAre(Word("\xE4\xBD\xA0", 200, 1000),
                                         Word(" youllo", 1000, 2000)));
}

TEST(Stretches, HaveWordsThatFollowEachOtherThoughTheyBeginOnOneFrame) {
  // The second and the third look nowhere, and two stretches meet in a frame.
  const std::vector<HeardCue> cues =
      StretchesOf(Written({{TimeToken(0), 0, 0},
                           {0, 0, 25},
                           {1, 25, 25},
                           {2, 25, 25},
                           {3, 25, 40},
                           {TimeToken(1), 40, 40},
                           {TimeToken(1), 40, 40},
                           {4, 40, 50},
                           {kEnd, 95, 100}}),
                  Window(), SmallSpec());
  ASSERT_EQ(cues.size(), 2u);
  ASSERT_EQ(cues[0].words.size(), 4u);
  Time at{0};
  for (const HeardCue& cue : cues) {
    EXPECT_EQ(cue.start, cue.words.front().start);
    EXPECT_EQ(cue.end, cue.words.back().end);
    for (const HeardWord& word : cue.words) {
      EXPECT_GE(word.start, at) << word.text;
      EXPECT_GT(word.end, word.start) << word.text;
      at = word.end;
    }
  }
}

// A sign that ends a sentence takes the next one that is not written down.
TEST(Stretches, HaveWordsWhereTheirLettersAre) {
  SpeechSpec spec = SmallSpec();
  spec.tokens[2] = ".";
  WrittenTokens written =
      Written({{TimeToken(0), 0, 5}, {0, 5, 20}, {2, 20, 30}, {kEnd, 95, 100}});
  std::fill(written.attention[2].begin() + 150,
            written.attention[2].begin() + 190, 0.1f);
  const std::vector<HeardCue> cues = StretchesOf(written, Window(), spec);
  ASSERT_EQ(cues.size(), 1u);
  EXPECT_THAT(cues[0].words, ElementsAre(Word("Hello.", 200, 1400)));
}

// Its longer one: the other is the end of the word before it.
TEST(Stretches, HaveWordsOnOneSideOfAPause) {
  SpeechSpec spec = SmallSpec();
  spec.tokens[2] = ",";
  const std::vector<HeardCue> cues = StretchesOf(Written({{TimeToken(0), 0, 2},
                                                          {0, 30, 45},
                                                          {1, 45, 79},
                                                          {2, 79, 90},
                                                          {kEnd, 90, 100}}),
                                                 Window(), spec);
  ASSERT_EQ(cues.size(), 2u);
  EXPECT_EQ(cues[0].text, "Hello");
  EXPECT_EQ(cues[0].end, milliseconds(1800));
  EXPECT_THAT(cues[1].words, ElementsAre(Word("you,", 3000, 3600)));
}

TEST(Stretches, AreLeftOutWhereThereIsNoTimeForTheirWords) {
  EXPECT_THAT(StretchesOf(Written({{TimeToken(0), 0, 30},
                                   {0, 30, 31},
                                   {1, 31, 32},
                                   {2, 32, 33},
                                   {TimeToken(2.9), 33, 95},
                                   {kEnd, 95, 100}}),
                          Window(), SmallSpec()),
              IsEmpty());
}

TEST(Stretches, AreLeftOutWhereMostOfTheirWordsHaveNoTime) {
  EXPECT_THAT(StretchesOf(Written({{TimeToken(0), 0, 5},
                                   {0, 5, 25},
                                   {1, 25, 25},
                                   {2, 25, 25},
                                   {3, 25, 25},
                                   {4, 25, 40},
                                   {kEnd, 95, 100}}),
                          Window(), SmallSpec()),
              IsEmpty());
}

TEST(Stretches, KeepTheirTimestampsWhereAttentionTellsNothing) {
  WrittenTokens written;
  written.tokens = {TimeToken(0.5), 0, 1, TimeToken(2.5)};
  written.probabilities = {1, 1, 1, 1};
  written.attention.assign(5, std::vector<float>(200, 0.005f));
  const std::vector<HeardCue> cues =
      StretchesOf(written, Window(), SmallSpec());
  ASSERT_EQ(cues.size(), 1u);
  EXPECT_EQ(cues[0].start, milliseconds(500));
  EXPECT_EQ(cues[0].end, milliseconds(2500));
  EXPECT_THAT(cues[0].words, IsEmpty());
}

}  // namespace
}  // namespace vsa
