#include "analysis/bundle_choice.h"

#include <gmock/gmock.h>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char* const kEnglish =
    "I have always loved this house, but today I would rather live elsewhere.";
const char* const kGerman =
    "Ich habe dieses Haus immer geliebt, aber heute möchte ich lieber "
    "woanders wohnen.";
const char* const kChinese =
    "我一直很喜欢这座房子，但是今天我更想住在别的地方，因为这里实在太吵了。";
const char* const kShort = "OK.";

class BundleChoiceTest : public testing::Test {
 protected:
  // `tag` is that of a sidecar's name, a track or the recogniser.
  std::size_t Choose(const std::string& text, const std::string& tag = "",
                     const std::string& asked = "",
                     const std::string& source = "sidecar") {
    SubtitleSource words;
    words.source = source;
    words.name = "a.srt";
    words.language = tag;
    if (!text.empty()) words.cues = {{Time(0), Time(1), text}};
    messages_.clear();
    std::vector<Warning> warnings;
    const std::size_t place = ChooseBundle(asked, words, bundles_, &warnings);
    for (const Warning& warning : warnings)
      messages_.push_back(warning.code + ": " + warning.message);
    return place;
  }

  BundleLanguages bundles_ = {{"en"}, {"en", "zh", "fr"}, {"de", "zh"}};
  std::vector<std::string> messages_;
};

TEST_F(BundleChoiceTest, TheFirstThatListsTheLanguageOfTheWords) {
  EXPECT_EQ(Choose(kEnglish), 0u);
  EXPECT_EQ(Choose(kChinese), 1u);
  EXPECT_EQ(Choose(kGerman), 2u);
  EXPECT_EQ(Choose(kShort), 0u) << "not sure";
  EXPECT_EQ(Choose("好"), 1u) << "its script says so";
  EXPECT_EQ(Choose("", "de", "de"), 0u) << "no words";
  EXPECT_THAT(messages_, IsEmpty());
}

TEST_F(BundleChoiceTest, ATagGoesBeforeWordsThatAreNotSure) {
  EXPECT_EQ(Choose(kShort, "zh-Hans"), 1u);
  EXPECT_EQ(Choose(kShort, "ger"), 2u);
  EXPECT_EQ(Choose(kChinese, "chs"), 1u);
  EXPECT_EQ(Choose(kChinese, "cmn"), 1u);
  EXPECT_EQ(Choose(kChinese, "und"), 1u) << "no language";
  EXPECT_EQ(Choose(kGerman, "foo"), 2u) << "no language has that code";
  EXPECT_THAT(messages_, IsEmpty());
}

TEST_F(BundleChoiceTest, ATagThatTheWordsContradictLoses) {
  EXPECT_EQ(Choose(kGerman, "zh"), 2u);
  EXPECT_THAT(messages_,
              ElementsAre("subtitle_language: a.srt: is marked as zh, but its "
                          "words are German, which counts"));
  EXPECT_EQ(Choose(kGerman, "zh", "", "speech"), 1u);
  EXPECT_THAT(messages_,
              ElementsAre("text_language: a.srt: its words are German, which "
                          "is not a language of the model (en, zh, fr)"));
}

TEST_F(BundleChoiceTest, WhatIsAskedForGoesBeforeAll) {
  EXPECT_EQ(Choose(kShort, "zh", "de"), 2u);
  EXPECT_THAT(messages_, IsEmpty());
  EXPECT_EQ(Choose(kEnglish, "en", "zh"), 1u);
  EXPECT_THAT(messages_, IsEmpty());
  EXPECT_EQ(Choose(kChinese, "", "en"), 0u);
  EXPECT_THAT(messages_,
              ElementsAre("text_language: a.srt: its words are Chinese, which "
                          "is not a language of the model (en)"));
}

TEST_F(BundleChoiceTest, OfALanguageThatNoneListsTheOneWithTheMost) {
  EXPECT_EQ(Choose(kShort, "th"), 1u);
  const auto thai = ElementsAre(
      "text_language: a.srt: its words are Thai, which is not a "
      "language of the model (en, zh, fr)");
  EXPECT_THAT(messages_, thai);
  EXPECT_EQ(Choose(kEnglish, "", "th"), 1u);
  EXPECT_THAT(messages_, thai);
}

TEST_F(BundleChoiceTest, WithOneBundleThereIsNoChoice) {
  bundles_ = {{"en"}};
  EXPECT_EQ(Choose(kShort, "th", "zh"), 0u);
  EXPECT_EQ(Choose(kEnglish, "de"), 0u);
  EXPECT_THAT(messages_, IsEmpty());
  EXPECT_EQ(Choose(kGerman, "de"), 0u);
  EXPECT_THAT(messages_,
              ElementsAre("text_language: a.srt: its words are German, which "
                          "is not a language of the model (en)"));
}

}  // namespace
}  // namespace vsa
