#include "analysis/item_words.h"

#include <gmock/gmock.h>

#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using std::chrono::seconds;

class ItemWordsTest : public TemporaryFolder {
 protected:
  ItemWordsTest() {
    judge_.languages = {"en"};
    engine_.speech = [] { return SpeechName{"small", "2", "abc"}; };
    engine_.hear = [this](const Item&, TaskPool*,
                          std::vector<Warning>* warnings) {
      ++heard_;
      warnings->push_back({"sound_damaged", "a.mp4: damaged"});
      return std::optional<Heard>(OneHeardCue("I hear you well."));
    };
    item_.video = (folder_ / "a.mp4").string();
  }

  ItemWords Read() {
    TaskPool pool(1);
    return ReadItemWords(item_, info_, engine_, &pool);
  }

  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
  VideoInfo info_;
  int heard_ = 0;
};

TEST_F(ItemWordsTest, AVideoWithoutOtherWordsIsHeard) {
  const ItemWords words = Read();
  EXPECT_EQ(words.source.source, "speech");
  ASSERT_EQ(words.source.cues.size(), 1u);
  EXPECT_EQ(words.source.cues[0].text, "I hear you well.");
  EXPECT_EQ(words.source.cues[0].end, seconds(3));
  ASSERT_TRUE(words.speech);
  EXPECT_EQ(words.speech->language, "en");
  EXPECT_EQ(words.speech->model.name, "small");
  EXPECT_EQ(words.speech->length, seconds(4));
  ASSERT_EQ(words.heard.size(), 1u);
  EXPECT_EQ(words.heard[0].confidence, 0.75);
  ASSERT_EQ(words.source.warnings.size(), 1u);
  EXPECT_EQ(words.source.warnings[0].code, "sound_damaged");
}

TEST_F(ItemWordsTest, OneWithSubtitlesIsHeardOnlyIfAlways) {
  Write("a.srt", "1\n00:00:00,000 --> 00:00:01,000\nI read it.\n");
  ItemWords words = Read();
  EXPECT_EQ(words.source.source, "sidecar");
  EXPECT_FALSE(words.speech);
  EXPECT_EQ(heard_, 0);
  item_.transcribe = Transcribe::kAlways;
  words = Read();
  EXPECT_EQ(words.source.source, "speech");
  EXPECT_EQ(words.source.cues[0].text, "I hear you well.");
}

TEST_F(ItemWordsTest, TheLanguageThatWasHeardChoosesTheJudge) {
  engine_.judges.emplace_back();
  engine_.judges[1].languages = {"en", "zh"};
  EXPECT_EQ(Read().judge, &engine_.judges[0]);
  engine_.hear = [](const Item&, TaskPool*, std::vector<Warning>*) {
    std::optional<Heard> heard = OneHeardCue("OK.");
    heard->language.tag = "zh";
    return heard;
  };
  EXPECT_EQ(Read().judge, &engine_.judges[1]);
  Write("a.srt", "1\n00:00:00,000 --> 00:00:01,000\nI read it.\n");
  EXPECT_EQ(Read().judge, &engine_.judges[0]);
  Write("a.srt", "");
  Write("a.zh.srt", "1\n00:00:00,000 --> 00:00:01,000\nOK.\n");
  EXPECT_EQ(Read().judge, &engine_.judges[1]);
}

TEST_F(ItemWordsTest, WhatForbidsHearing) {
  const auto heard = [](const std::function<void(Item*)>& change) {
    Item item;
    change(&item);
    return IsHeard(item, "none");
  };
  EXPECT_TRUE(heard([](Item*) {}));
  EXPECT_FALSE(heard([](Item* i) { i->transcribe = Transcribe::kNever; }));
  EXPECT_FALSE(heard([](Item* i) { i->no_subtitles = true; }));
  EXPECT_FALSE(heard([](Item* i) { i->track = "en"; }));
  EXPECT_FALSE(heard([](Item* i) { i->subtitles = "a.srt"; }));
  EXPECT_FALSE(heard([](Item* i) { i->words = ""; }));
  EXPECT_FALSE(IsHeard(Item(), "embedded"));
  engine_.hear = nullptr;
  EXPECT_EQ(Read().source.source, "none");
}

TEST_F(ItemWordsTest, SoundThatHoldsNothingIsNoSource) {
  for (const std::optional<Heard>& nothing :
       {std::optional<Heard>(), std::optional<Heard>(Heard())}) {
    engine_.hear = [&](const Item&, TaskPool*, std::vector<Warning>*) {
      return nothing;
    };
    const ItemWords words = Read();
    EXPECT_EQ(words.source.source, "none");
    EXPECT_FALSE(words.speech);
  }
}

// More than ten days of talk without a pause.
TEST_F(ItemWordsTest, OfVeryManyUtterancesTheFirstAreJudged) {
  std::string lrc;
  for (int i = 0; i <= 100000; ++i) {
    char time[32];
    std::snprintf(time, sizeof time, "[%d:%02d.00]", i / 12, i % 12 * 5);
    lrc += time + std::string("Yes.\n");
  }
  item_.subtitles = Write("a.lrc", lrc);
  const ItemWords words = Read();
  EXPECT_EQ(words.utterances.size(), 100000u);
  ASSERT_EQ(words.source.warnings.size(), 1u);
  EXPECT_EQ(words.source.warnings[0].code, "too_many_segments");
  EXPECT_EQ(words.source.warnings[0].message,
            item_.video +
                ": has words for more than 100000 segments; the first ones "
                "are judged");
}

TEST_F(ItemWordsTest, AnUtteranceEndsWhereTheMediaDo) {
  Write("a.srt",
        "1\n00:00:02,500 --> 00:00:03,600\nwell I think\n\n"
        "2\n00:00:04,000 --> 00:00:05,000\nit is nice\n");
  EXPECT_EQ(Read().utterances.size(), 1u);
  info_.duration = seconds(4);
  EXPECT_EQ(Read().utterances.size(), 2u);
}

}  // namespace
}  // namespace vsa
