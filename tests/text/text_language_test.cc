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

TEST(TextLanguage, IsNamedOnlyIfItIsSurelyAnother) {
  EXPECT_EQ(OtherLanguage({kGerman}, {"en"}), "German");
  EXPECT_EQ(OtherLanguage({kChinese}, {"en"}), "Chinese");
  EXPECT_EQ(OtherLanguage({kGerman}, {"en", "de"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({kChinese}, {"zh"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({kEnglish}, {"en"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({"Ja.", "Nein."}, {"en"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({kEnglish, kEnglish, kGerman}, {"en"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({}, {"en"}), std::nullopt);
  EXPECT_EQ(OtherLanguage({kGerman}, {}), std::nullopt);
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
