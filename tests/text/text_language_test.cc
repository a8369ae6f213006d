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

}  // namespace
}  // namespace vsa
