// When what an earlier run computed of a video is still good, and what
// --dry-run says of it.
#include "batch/batch_item.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using nlohmann::json;

const std::string kSrt = "1\n00:00:01,000 --> 00:00:02,000\nGood day.\n";

class BatchItemTest : public TemporaryFolder {
 protected:
  BatchItemTest() { item_.video = Write("a.mp4", "no matter what"); }

  BatchItem Made() const { return MakeBatchItem(item_, model_, {}); }
  std::string Key() const { return Made().key; }

  // A video with a track in `codec`; counts how often one is opened.
  json DryRun(const std::string& codec = "subrip") {
    TextTrackReader reader;
    reader.list = [this, codec](const std::string& path) {
      ++opened_;
      if (Contents(path).empty())
        throw Error(ErrorKind::kInput, path + ": is empty; expected a video");
      TextTrack track;
      track.index = 2;
      track.codec = codec;
      track.language = "eng";
      track.text = codec == "subrip";
      return std::vector<TextTrack>{track};
    };
    reader.read = [](const std::string&, int) {
      return TrackText{{{Time(0), Time(1000000), "Good day."}}, true};
    };
    const std::string line =
        FormatBatchItem(Made(), model_, reader, [this](const Item& item) {
          ++listened_;
          if (item.audio_track)
            throw Error(ErrorKind::kInput, "a.mp4: has no sound track 7");
          return sound_;
        });
    EXPECT_EQ(line.back(), '\n');
    return json::parse(line, nullptr, false);
  }

  Item item_;
  BatchModel model_ = {"1.0", {"hash"}, "fp32", {{"en"}}, ""};
  int opened_ = 0;
  bool sound_ = true;
  int listened_ = 0;
};

TEST_F(BatchItemTest, TheKeyHoldsAllThatChangesAResult) {
  std::vector<std::string> keys = {Key()};
  const auto expect_new = [&](const char* what) {
    const std::string key = Key();
    EXPECT_EQ(key, Key()) << what;
    EXPECT_THAT(keys, testing::Not(testing::Contains(key))) << what;
    keys.push_back(key);
  };
  const Item plain = item_;
  item_.track = "1";
  expect_new("track");
  item_.track = "en";
  expect_new("another track");
  item_ = plain;
  item_.danmaku = Write("other.xml", "<i></i>");
  expect_new("danmaku");
  item_ = plain;
  item_.sampling.keyframes = true;
  expect_new("frames");
  item_ = plain;
  item_.explain = true;
  expect_new("explain");
  item_ = plain;
  item_.no_subtitles = true;
  expect_new("no-subs");
  item_ = plain;
  item_.encoding = "UTF-8";
  expect_new("encoding");
  item_ = plain;
  item_.sampling.fps = 3;
  expect_new("fps");
  item_ = plain;
  item_.sampling.start = Time(1);
  expect_new("start");
  item_ = plain;
  item_.sampling.end = Time(1);
  expect_new("end");
  item_ = plain;
  item_.date = "2024-05-01";
  expect_new("date");
  item_ = plain;
  model_.dtype = "bf16";
  expect_new("dtype");
  model_.bundles = {"hash", "other"};
  expect_new("another bundle that may judge");
  Write("a.xml", "<i></i>");
  expect_new("a sidecar of danmaku");
  Write("a.xml", "<i><d p=\"1,1\">More.</d></i>");
  expect_new("another one");
  Write("a.sbv", "0:00:00.500,0:00:01.500\nSaid.\n");
  expect_new("a sidecar of subtitles");
  Write("a.srt", kSrt);
  expect_new("one that goes before it");
}

TEST_F(BatchItemTest, TheKeyHoldsNothingElse) {
  const std::string key = Key();
  Write("b.srt", kSrt);
  Write("b.xml", "<i></i>");
  Write("a.txt", "notes");
  Write("a.srt", "no subtitles");
  EXPECT_EQ(Key(), key);
  Write("a.srt", kSrt);
  const std::string with_sidecar = Key();
  Write("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nNot used.\n");
  EXPECT_EQ(Key(), with_sidecar);
}

// MicroDVD that counts in the frames of the video, which is not opened here.
TEST_F(BatchItemTest, ASidecarInFramesIsTheOneThatIsUsed) {
  const std::string sub = Write("a.srt", "{25}{75}Hello\n{100}{150}Hi\n");
  const std::string key = Key();
  EXPECT_EQ(DryRun()["subtitles"],
            json({{"path", sub}, {"source", "sidecar"}}));
  Write("a.srt", "{25}{75}Other words\n{100}{150}Hi\n");
  EXPECT_NE(Key(), key);
}

TEST_F(BatchItemTest, ADryRunOpensOnlyVideosWithoutAFile) {
  EXPECT_EQ(
      DryRun(),
      json({{"video", item_.video},
            {"id", nullptr},
            {"subtitles",
             {{"path", item_.video}, {"source", "embedded"}, {"track", 2}}}}));
  EXPECT_EQ(opened_, 1);
  EXPECT_EQ(DryRun("dvd_subtitle")["subtitles"],
            json({{"path", nullptr}, {"source", "none"}}));
  item_.track = "de";
  EXPECT_EQ(DryRun(),
            json({{"video", item_.video},
                  {"id", nullptr},
                  {"subtitles", {{"path", nullptr}, {"source", "none"}}},
                  {"error",
                   {{"message", item_.video + ": has no text track de; "
                                              "expected one of its tracks 2 "
                                              "(subrip, eng)"}}}}));
  item_.track.reset();
  opened_ = 0;
  const std::string srt = Write("a.srt", kSrt);
  EXPECT_EQ(DryRun()["subtitles"],
            json({{"path", srt}, {"source", "sidecar"}}));
  item_.subtitles = srt;
  EXPECT_EQ(DryRun()["subtitles"], json({{"path", srt}, {"source", "option"}}));
  item_.subtitles.reset();
  item_.no_subtitles = true;
  EXPECT_EQ(DryRun()["subtitles"],
            json({{"path", nullptr}, {"source", "none"}}));
  EXPECT_EQ(opened_, 0);
}

TEST_F(BatchItemTest, ADryRunSaysWhatWouldBeHeard) {
  const json nothing = {{"path", nullptr}, {"source", "none"}};
  const json speech = {{"path", nullptr}, {"source", "speech"}};
  const std::string no_words = "dvd_subtitle";
  EXPECT_EQ(DryRun(no_words)["subtitles"], nothing);
  EXPECT_EQ(listened_, 0) << "there is no speech bundle";
  model_.speech_sha256 = "hash";
  EXPECT_EQ(DryRun(no_words)["subtitles"], speech);
  EXPECT_EQ(DryRun()["subtitles"]["source"], "embedded");
  sound_ = false;
  EXPECT_EQ(DryRun(no_words)["subtitles"], nothing);
  sound_ = true;
  item_.transcribe = Transcribe::kNever;
  EXPECT_EQ(DryRun(no_words)["subtitles"], nothing);

  const std::string srt = Write("a.srt", kSrt);
  item_.transcribe = Transcribe::kAlways;
  opened_ = 0;
  EXPECT_EQ(DryRun()["subtitles"], speech);
  EXPECT_EQ(opened_, 0) << "no track is asked for";
  item_.audio_track = 7;
  EXPECT_EQ(DryRun()["subtitles"], nothing);
  EXPECT_EQ(DryRun()["error"]["message"], "a.mp4: has no sound track 7");
  item_.subtitles = srt;
  EXPECT_EQ(DryRun()["subtitles"]["source"], "option");
}

TEST_F(BatchItemTest, ADryRunSaysThatAVideoCannotBeOpened) {
  Write("a.mp4", "");
  const json line = DryRun();
  EXPECT_EQ(line["subtitles"]["source"], "none");
  EXPECT_EQ(line["error"]["message"],
            item_.video + ": is empty; expected a video");
}

TEST_F(BatchItemTest, AListedItemIsALineOfAManifestWithItsMarks) {
  BatchItem made = Made();
  EXPECT_EQ(json::parse(FormatListedItem(made)), json({{"video", item_.video},
                                                       {"item", made.identity},
                                                       {"key", made.key}}));
  item_.subtitles = Write("b.srt", kSrt);
  item_.id = "7";
  item_.date = "2020-01-02";
  made = Made();
  EXPECT_EQ(json::parse(FormatListedItem(made)),
            json({{"video", item_.video},
                  {"subs", *item_.subtitles},
                  {"id", "7"},
                  {"date", "2020-01-02"},
                  {"item", made.identity},
                  {"key", made.key}}));
  made.item.video = "/clips/\xFF.mp4";
  try {
    FormatListedItem(made);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(),
                 "/clips/\xFF.mp4: it, its subtitles or its id is not UTF-8, "
                 "which a list in JSON must be; expected other names");
  }
}

}  // namespace
}  // namespace vsa
