#include "text/words.h"

#include <gmock/gmock.h>
#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <memory>
#include <set>
#include <string>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Words(const std::string& text) {
  std::vector<std::string> words;
  for (const WordSpan& word : WordsOf(text))
    words.push_back(text.substr(word.begin, word.end - word.begin));
  return words;
}

TEST(WordsOf, AreThoseOfUnicode) {
  EXPECT_THAT(Words("Caf\u00E9s aren't BAD, 10.5 of them!"),
              ElementsAre("Caf\u00E9s", "aren't", "BAD", "10.5", "of", "them"));
  EXPECT_THAT(Words("오늘 정말 즐거웠어요."),
              ElementsAre("오늘", "정말", "즐거웠어요"));
  EXPECT_THAT(Words("كيف حالك؟"), ElementsAre("كيف", "حالك"));
  EXPECT_THAT(Words("मैं ठीक हूँ।"), ElementsAre("मैं", "ठीक", "हूँ"));
  EXPECT_THAT(Words(" \u2026 "), IsEmpty());
  EXPECT_THAT(Words(""), IsEmpty());
}

TEST(WordsOf, AnEmojiIsOne) {
  EXPECT_THAT(
      Words("so good\U0001F525\U0001F525! \u2764\uFE0F (\U0001F44D\U0001F3FD)"),
      ElementsAre("so", "good", "\U0001F525", "\U0001F525", "\u2764\uFE0F",
                  "\U0001F44D\U0001F3FD"));
  EXPECT_THAT(Words("\U0001F468\u200D\U0001F469\u200D\U0001F467\u2026"),
              ElementsAre("\U0001F468\u200D\U0001F469\u200D\U0001F467"));
}

TEST(WordsOf, AreThoseOfDictionariesWhereThereAreNoSpaces) {
  EXPECT_THAT(Words("我今天真的很开心，谢谢你们。"),
              ElementsAre("我", "今天", "真的", "很", "开心", "谢谢", "你们"));
  EXPECT_THAT(Words("今日は雨です。"), ElementsAre("今日", "は", "雨", "です"));
  EXPECT_THAT(Words("ฉันรักแม่"), ElementsAre("ฉัน", "รัก", "แม่"));
  EXPECT_THAT(Words("我爱Python和Café"),
              ElementsAre("我", "爱", "Python", "和", "Café"));
}

const std::string kTexts[] = {
    "",
    " ",
    "One, two (three) well-known... 10.5!",
    "我今天真的很开心，谢谢你们「来」看我。𠮷野家𠮟る",
    "今日は本当に楽しかった。か\u3099き\u3099ヴ\uFF8A\uFF9Eﾝｶｸ ｶﾅ",
    "วันนี้ฉันมีความสุขมากจริงๆ น้ำที่เก็บไว้",
    "ຂ້ອຍມີຄວາມສຸກຫຼາຍ",
    "ខ្ញុំសប្បាយចិត្តណាស់",
    "ကျွန်တော်ပျော်တယ်။",
    "क्षत्रिय मैं ठीक हूँ। স্বাধীনতা",
    "e\u0301te\u0301 👨‍👩‍👧 👍🏽 🇨🇳🇯🇵 ❤️ "
    "❤️‍🔥",
    "\u202Bكيف حالُكَ؟\u202C \u2067שָׁלוֹם\u2069",
    "각시 \u1100\u1161\u11A8"};

// Where characters, with the marks on them, begin and end.
std::set<std::size_t> Characters(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  UText bytes = UTEXT_INITIALIZER;
  utext_openUTF8(&bytes, text.data(), static_cast<int64_t>(text.size()),
                 &status);
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(),
                                                  status));
  iterator->setText(&bytes, status);
  EXPECT_TRUE(U_SUCCESS(status));
  std::set<std::size_t> places;
  for (int32_t at = iterator->first(); at != icu::BreakIterator::DONE;
       at = iterator->next())
    places.insert(static_cast<std::size_t>(at));
  utext_close(&bytes);
  return places;
}

TEST(WordsOf, CutNoCharacter) {
  for (const std::string& text : kTexts) {
    const std::set<std::size_t> characters = Characters(text);
    std::size_t last = 0;
    for (const WordSpan& word : WordsOf(text)) {
      EXPECT_GE(word.begin, last);
      EXPECT_GT(word.end, word.begin);
      EXPECT_EQ(characters.count(word.begin), 1u) << text;
      EXPECT_EQ(characters.count(word.end), 1u) << text;
      last = word.end;
    }
  }
}

TEST(CutBetweenWords, KeepsMarksWithTheirWords) {
  EXPECT_THAT(CutBetweenWords("One, two (three)  10.5!"),
              ElementsAre("One, ", "two ", "(three)  ", "10.5!"));
  EXPECT_THAT(CutBetweenWords("我今天很开心，谢谢「你们」。"),
              ElementsAre("我", "今天", "很", "开心，", "谢谢", "「你们」。"));
  EXPECT_THAT(CutBetweenWords("ฉันรักแม่ มาก"),
              ElementsAre("ฉัน", "รัก", "แม่ ", "มาก"));
}

TEST(CutBetweenWords, GivesAllOfTheTextAndCutsNoCharacter) {
  for (const std::string& text : kTexts) {
    const std::set<std::size_t> characters = Characters(text);
    std::string all;
    for (const std::string_view piece : CutBetweenWords(text)) {
      EXPECT_FALSE(piece.empty());
      all += piece;
      EXPECT_EQ(characters.count(all.size()), 1u) << text;
    }
    EXPECT_EQ(all, text);
  }
}

}  // namespace
}  // namespace vsa
