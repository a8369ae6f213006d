#include "analysis/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>

namespace vsa {

void PrintTo(const Segment& s, std::ostream* out) {
  *out << s.start.count() / 1e6 << "-" << s.end.count() / 1e6 << " '" << s.text
       << "'";
}
bool operator==(const Segment& a, const Segment& b) {
  return a.start == b.start && a.end == b.end && a.text == b.text;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time Seconds(double s) { return Time(std::llround(s * 1e6)); }
Cue C(double start, double end, const std::string& text) {
  return {Seconds(start), Seconds(end), text, 1};
}
Segment S(double start, double end, const std::string& text) {
  return {Seconds(start), Seconds(end), text};
}
std::vector<Segment> Join(const std::vector<Cue>& cues) {
  return JoinCues(cues, SegmentSpec());  // 1 s pause, 10 s at most
}

TEST(Segment, NoCuesAreNoUtterances) { EXPECT_THAT(Join({}), IsEmpty()); }

TEST(Segment, JoinsUpToTheEndOfASentence) {
  EXPECT_THAT(Join({C(0, 1, "I never thought"), C(1.2, 2, "it would work."),
                    C(2, 3, "But it did!")}),
              ElementsAre(S(0, 2, "I never thought it would work."),
                          S(2, 3, "But it did!")));
}

TEST(Segment, EndsSentencesOfAllScripts) {
  for (const std::string end : {"Yes.",
                                "Yes!",
                                "Yes?",
                                "Yes?!",
                                "Yes…",
                                "“Yes.”",
                                "(Yes.)",
                                "'Yes!'",
                                "是。",
                                "是！",
                                "是？",
                                "「是。」",
                                "はい｡",
                                "हाँ।",
                                "Yes.\"",
                                "نعم؟",
                                "نعم۔",
                                "نعم.",
                                "\u202Bنعم؟\u202C",
                                "כן.\u200F",
                                "네.",
                                "はい．",
                                "嗯⋯⋯",
                                "えっ‥",
                                "ဟုတ်ကဲ့။",

                                "ОК！"}) {
    EXPECT_EQ(Join({C(0, 1, end), C(1, 2, "Next")}).size(), 2u) << end;
  }
  for (const std::string open :
       {"Yes,", "Yes", "Yes:", "\"Yes\"", "Mr.", "See Dr.", "是，", "是",
        "El Sr.", "نعم،", "हाँ,", "はい、", "네,"}) {
    EXPECT_EQ(Join({C(0, 1, open), C(1, 2, "Next")}).size(), 1u) << open;
  }
}

TEST(Segment, GoesOnAfterDotsInLowerCase) {
  EXPECT_THAT(
      Join({C(0, 1, "And then..."), C(1, 2, "...he left."),
            C(2, 3, "At 3 p.m."), C(3, 4, "sharp"), C(4, 5, "What?"),
            C(5, 6, "nothing")}),
      ElementsAre(S(0, 2, "And then... ...he left."),
                  S(2, 5, "At 3 p.m. sharp What?"), S(5, 6, "nothing")));
}

TEST(Segment, EndsAtAPause) {
  EXPECT_THAT(Join({C(0, 1, "ONE"), C(2, 3, "TWO"), C(4.001, 5, "THREE")}),
              ElementsAre(S(0, 3, "ONE TWO"), S(4.001, 5, "THREE")));
}

TEST(Segment, EndsBeforeItGetsTooLong) {
  EXPECT_THAT(Join({C(0, 4, "ONE"), C(4, 10, "TWO"), C(10, 13, "THREE"),
                    C(13, 30, "FOUR"), C(30, 31, "FIVE")}),
              ElementsAre(S(0, 10, "ONE TWO"), S(10, 13, "THREE"),
                          S(13, 30, "FOUR"), S(30, 31, "FIVE")));
}

TEST(Segment, FollowsTheBundle) {
  SegmentSpec spec;
  spec.pause = 0.2;
  spec.longest = 3;
  EXPECT_THAT(
      JoinCues({C(0, 1, "A"), C(1.1, 2, "B"), C(2, 4, "C"), C(4.3, 5, "D")},
               spec),
      ElementsAre(S(0, 2, "A B"), S(2, 4, "C"), S(4.3, 5, "D")));
}

TEST(Segment, JoinsWhatIsShownTogether) {
  EXPECT_THAT(Join({C(0, 2, "Who is it?"), C(0, 2, "Me."), C(0.4, 3, "Us.")}),
              ElementsAre(S(0, 3, "Who is it? Me. Us.")));
}

TEST(Segment, PutsNoSpaceWhereTheScriptHasNone) {
  EXPECT_THAT(Join({C(0, 1, "我不知道"), C(1, 2, "他在哪里")}),
              ElementsAre(S(0, 2, "我不知道他在哪里")));
}

TEST(Segment, CutsWhatALaterCueOverlaps) {
  EXPECT_THAT(
      Join({C(0, 19, "A sign."), C(2, 4, "Speech."), C(3.9, 6, "More.")}),
      ElementsAre(S(0, 2, "A sign."), S(2, 3.9, "Speech."),
                  S(3.9, 6, "More.")));
}

TEST(Segment, RandomCuesObeyTheContract) {
  std::mt19937 random(7);
  const std::string texts[] = {"one", "Two.", "three…",   "FOUR", "五。",
                               "Mr.", "\"",   "\xE2\x99", "..."};
  for (int round = 0; round < 2000; ++round) {
    std::vector<Cue> cues;
    Time at(0);
    for (int i = random() % 30; i > 0; --i) {
      at += Time(random() % 3000000 * (random() % 3));
      cues.push_back({at, at + Time(1 + random() % 6000000),
                      texts[random() % std::size(texts)], 1});
    }
    const std::vector<Segment> utterances = Join(cues);
    // But for spaces, of which some scripts have none.
    const auto add = [](const std::string& text, std::string* to) {
      std::copy_if(text.begin(), text.end(), std::back_inserter(*to),
                   [](char c) { return c != ' '; });
    };
    std::string all, joined;
    for (const Cue& cue : cues) add(cue.text, &all);
    Time last(0);
    for (const Segment& utterance : utterances) {
      ASSERT_GE(utterance.start, last);
      ASSERT_GT(utterance.end, utterance.start);
      ASSERT_FALSE(utterance.text.empty());
      last = utterance.end;
      add(utterance.text, &joined);
    }
    ASSERT_EQ(joined, all);
  }
}

}  // namespace
}  // namespace vsa
