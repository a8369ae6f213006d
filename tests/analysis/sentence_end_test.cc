#include "analysis/sentence_end.h"

#include <gmock/gmock.h>

#include <string>

namespace vsa {
namespace {

using testing::ElementsAre;

TEST(SentencesOf, EndWhereASpaceFollows) {
  EXPECT_THAT(SentencesOf("One. Two! Three?\nFour"),
              ElementsAre("One.", " Two!", " Three?", "\nFour"));
  EXPECT_THAT(SentencesOf("It is 3.5, not 3. Yes."),
              ElementsAre("It is 3.5, not 3.", " Yes."));
}

TEST(SentencesOf, FollowTheRuleThatUtterancesFollow) {
  EXPECT_THAT(SentencesOf("Mr. Smith waits... then he goes. \"Why?\" she asks"),
              ElementsAre("Mr. Smith waits... then he goes.", " \"Why?\"",
                          " she asks"));
  EXPECT_THAT(
      SentencesOf("Well\u2026 He left (at last!) and we stayed"),
      ElementsAre("Well\u2026", " He left (at last!)", " and we stayed"));
  EXPECT_THAT(
      SentencesOf("\u0939\u093e\u0901\u0964 \u0928\u0939\u0940\u0902"),
      ElementsAre("\u0939\u093e\u0901\u0964", " \u0928\u0939\u0940\u0902"));
}

TEST(SentencesOf, EndWithoutASpaceWhereTheScriptHasNone) {
  EXPECT_THAT(SentencesOf("\u662f\u3002\u4e0d\uff01\uff1f\u597d"),
              ElementsAre("\u662f\u3002", "\u4e0d\uff01\uff1f", "\u597d"));
  // A quote that closes belongs to the sentence before it, one that opens to
  // the next.
  EXPECT_THAT(
      SentencesOf("\u300c\u662f\u3002\u300d\u201c\u4e0d\u3002\u201d"),
      ElementsAre("\u300c\u662f\u3002\u300d", "\u201c\u4e0d\u3002\u201d"));
}

TEST(SentencesOf, EndInRightToLeftScripts) {
  EXPECT_THAT(SentencesOf("كيف حالك؟ أنا بخير. شكرا۔ نعم"),
              ElementsAre("كيف حالك؟", " أنا بخير.", " شكرا۔", " نعم"));
  EXPECT_THAT(SentencesOf("\u202Bمن؟\u202C \u2067أنا.\u2069 نعم"),
              ElementsAre("\u202Bمن؟\u202C", " \u2067أنا.\u2069", " نعم"));
}

TEST(SentencesOf, EndInScriptsOfSouthAndSouthEastAsia) {
  EXPECT_THAT(SentencesOf("ល្អ។ ទៅ៕ បាទ"), ElementsAre("ល្អ។", " ទៅ៕", " បាទ"));
  EXPECT_THAT(SentencesOf("ལེགས། སོང་།"), ElementsAre("ལེགས།", " སོང་།"));
  EXPECT_THAT(SentencesOf("ကောင်းတယ်။ သွား။"), ElementsAre("ကောင်းတယ်။", " သွား။"));
  // As cues are joined, without a space.
  EXPECT_THAT(SentencesOf("ល្អ។ទៅ៕"), ElementsAre("ល្អ។", "ទៅ៕"));
  EXPECT_THAT(SentencesOf("ကောင်းတယ်။သွား။"), ElementsAre("ကောင်းတယ်။", "သွား။"));
}

TEST(SentencesOf, DoNotEndInAFullWidthNumber) {
  EXPECT_THAT(SentencesOf("今日は３．５度です．寒い｡"),
              ElementsAre("今日は３．５度です．", "寒い｡"));
}

TEST(SentencesOf, AreAllOfTheText) {
  EXPECT_THAT(SentencesOf(""), ElementsAre());
  for (const std::string text : {" ", "...", ". . .", "\xE3\x80", "a.\xFF b.",
                                 ".\xE3\x80\x82.", "One.  Two. "}) {
    std::string joined;
    for (const std::string_view piece : SentencesOf(text)) {
      EXPECT_FALSE(piece.empty());
      joined += piece;
    }
    EXPECT_EQ(joined, text);
  }
}

// A mark costs no look at the whole text.
TEST(SentencesOf, TakeALongTextOfMarks) {
  std::string marks;
  for (int i = 0; i < 200000; ++i) marks += " .";
  EXPECT_EQ(SentencesOf(marks).size(), 200000u);
}

}  // namespace
}  // namespace vsa
