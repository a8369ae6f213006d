#include "text/text_language.h"

#include <gtest/gtest.h>

#include "text/language.h"

namespace vsa {
namespace {

const std::string kGerman =
    "Ich habe dieses Haus immer geliebt, aber heute möchte ich lieber "
    "woanders wohnen.";
const std::string kEnglish =
    "I HAVE ALWAYS LOVED THIS HOUSE BUT TODAY I WOULD RATHER LIVE SOMEWHERE";
const std::string kChinese =
    "我一直很喜欢这座房子，但是今天我更想住在别的地方，因为这里实在太吵了。";

TEST(TextLanguage, IsSaidOnlyIfItIsSure) {
  EXPECT_EQ(SureLanguage({kGerman}), "de");
  EXPECT_EQ(SureLanguage({kChinese}), "zh");
  EXPECT_EQ(SureLanguage({kEnglish}), "en");
  EXPECT_EQ(SureLanguage({"Ja.", "Nein."}), "");
  EXPECT_EQ(SureLanguage({kEnglish, kEnglish, kGerman}), "");
  EXPECT_EQ(SureLanguage({}), "");
}

TEST(TextLanguage, ShowsInAFewCharactersOfALetteringOfItsOwn) {
  EXPECT_EQ(SureLanguage({"我太高兴了"}), "zh");
  EXPECT_EQ(SureLanguage({"정말 좋아요"}), "ko");
  EXPECT_EQ(SureLanguage({"ありがとう"}), "ja");
  EXPECT_EQ(SureLanguage({"Спасибо большое"}), "ru");
  EXPECT_EQ(SureLanguage({"Me encanta mucho"}), "");
}

TEST(TextLanguage, IsNoneOfEmojiAndOfScriptsWithoutALanguage) {
  for (const char* text : {"❤️❤️❤️ ☀️", "\U0001F600\U0001F600",
                           "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺ", "666 !!!"})
    EXPECT_EQ(SureLanguage({text, text, text, text}), "") << text;
}

TEST(TextLanguage, OfALongTextTheFirstPartIsLookedAt) {
  std::string text;
  while (text.size() < 150000) text += kChinese;
  EXPECT_EQ(SureLanguage({text}), "zh");
  EXPECT_EQ(SureLanguage({kGerman, text}), "zh");
}

std::vector<std::string> Mixed(const std::string& one, int ones,
                               const std::string& other, int others) {
  std::vector<std::string> texts(static_cast<std::size_t>(ones), one);
  texts.insert(texts.end(), static_cast<std::size_t>(others), other);
  return texts;
}

TEST(MainLanguage, IsThatOfMostWords) {
  EXPECT_EQ(SureLanguage(Mixed(kChinese, 6, kEnglish, 4)), "");
  EXPECT_EQ(MainLanguage(Mixed(kChinese, 6, kEnglish, 4)), "zh");
  EXPECT_EQ(MainLanguage(Mixed(kChinese, 3, kEnglish, 7)), "en");
  EXPECT_EQ(MainLanguage(Mixed(kGerman, 7, kEnglish, 3)), "de");
  EXPECT_EQ(MainLanguage({"Спасибо большое", "정말 좋아요", "고마워요 친구"}),
            "ko");
}

TEST(MainLanguage, ShowsInTheScriptOfOneWord) {
  EXPECT_EQ(MainLanguage({"好"}), "zh");
  EXPECT_EQ(MainLanguage({"最高！"}), "zh") << "it could be either";
  EXPECT_EQ(MainLanguage({"うん", "最高！"}), "ja");
  EXPECT_EQ(MainLanguage({"Отлично!"}), "ru");
  EXPECT_EQ(MainLanguage({"رائع"}), "ar");
  EXPECT_EQ(MainLanguage({"Me encanta"}), "");
  EXPECT_EQ(MainLanguage({"666", "❤️"}), "");
  EXPECT_EQ(MainLanguage({}), "");
}

TEST(MainLanguage, IsNotThatOfNamesAndOfSoundsWrittenOut) {
  EXPECT_EQ(MainLanguage({"我用 iPhone 和 Tom 通了很长时间的话"}), "zh");
  EXPECT_EQ(
      MainLanguage({"哈哈哈哈", "awsl", "yyds", "这个真的太好看了", "666"}),
      "zh");
  EXPECT_EQ(MainLanguage({"wǒ hěn xǐ huan", "我很喜欢", "nǐ hǎo ma", "你好吗"}),
            "zh");
  EXPECT_EQ(MainLanguage({"hello my dear friend, how are you today", "你好"}),
            "");
}

TEST(Language, HasAnEnglishName) {
  for (const char* tag : {"de", "ger", "deu", "de-AT"})
    EXPECT_EQ(EnglishNameOf(tag), "German") << tag;
  for (const char* tag : {"zh-Hant", "chi", "chs"})
    EXPECT_EQ(EnglishNameOf(tag), "Chinese") << tag;
  for (const char* tag :
       {"", "German", "xyzzy", "foo", "2", "und", "mul", "zxx"})
    EXPECT_EQ(EnglishNameOf(tag), "") << tag;
}

TEST(Language, IsInTheFirstTierThatHasIt) {
  const LanguageTiers tiers = {{"fr"}, {"en", "de"}, {"de", "zh"}};
  EXPECT_EQ(TierOf("eng", tiers), 1u);
  EXPECT_EQ(TierOf("German", tiers), 1u);
  EXPECT_EQ(TierOf("zh-Hans", tiers), 2u);
  EXPECT_EQ(TierOf("th", tiers), 3u);
  EXPECT_EQ(TierOf("en", {}), 0u);
}

TEST(Language, IsTheSameByAnyOfItsNames) {
  for (const char* name : {"de", "deu", "ger", "de-AT", "German", "DE_at"})
    EXPECT_TRUE(IsOneOf(name, {"en", "de"})) << name;
  EXPECT_TRUE(IsOneOf("zh", {"chi"}));
  for (const char* name : {"", "und", "2", "den", "e"})
    EXPECT_FALSE(IsOneOf(name, {"en", "de"})) << name;
}

TEST(Language, IsTheSameAsWhatItIsAKindOf) {
  const std::pair<const char*, const char*> same[] = {
      {"cmn", "zh"},     {"zh", "cmn"}, {"yue", "zh"}, {"arb", "ar"},
      {"nb", "no"},      {"nob", "no"}, {"nn", "no"},  {"hr", "bs"},
      {"chinese", "zh"}, {"fil", "tl"}, {"mo", "ro"},  {"zh", "Chinese"},
      {"iw", "he"}};
  for (const auto& [one, other] : same)
    EXPECT_TRUE(IsOneOf(one, {other})) << one << " " << other;
  EXPECT_FALSE(IsOneOf("id", {"ms"}));
}

TEST(Language, IsOneThatIsKnown) {
  for (const char* tag :
       {"en", "ENG", "zh-Hant-TW", "cmn", "German", "nb", "yue", "tlh"})
    EXPECT_TRUE(IsLanguage(tag)) << tag;
  for (const char* tag : {"", "und", "mul", "mis", "zxx", "xx", "cn", "jp",
                          "default", "x-foo", "i-klingon", "123"})
    EXPECT_FALSE(IsLanguage(tag)) << tag;
}

}  // namespace
}  // namespace vsa
