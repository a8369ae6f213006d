#include "analysis/audience.h"

#include <gmock/gmock.h>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kDanmaku =
    "<i><d p=\"1,1\">First.</d><d p=\"2,1\">Second.</d></i>";

Judge Named(const std::string& name, std::vector<std::string> languages) {
  Judge judge;
  judge.name.name = name;
  judge.languages = std::move(languages);
  return judge;
}

class AudienceTest : public TemporaryFolder {
 protected:
  AudienceTest() {
    item_.video = Write("a.mp4", "no matter what");
    file_.path = "a.xml";
    file_.encoding = "UTF-8";
  }

  void Comment(Time time, const std::string& text) {
    file_.comments.push_back({time, text});
  }

  // The intensity that the model sees in a text is its length; it sees nothing
  // in "???".
  Audience Look(Time end) {
    return Observe(
        file_, item_, end, judges_, judges_[of_video_],
        [this](const std::vector<std::string>& texts, const Judge&) {
          judged_ = texts;
          std::vector<std::optional<Prediction>> verdicts;
          for (const std::string& text : texts) {
            verdicts.emplace_back();
            if (text == "???") continue;
            verdicts.back() = Prediction();
            verdicts.back()->sentiment = {0, 0, 1};
            verdicts.back()->intensity = static_cast<double>(text.size());
          }
          return verdicts;
        },
        &warnings_);
  }

  std::vector<std::string> Codes() const {
    std::vector<std::string> codes;
    for (const Warning& warning : warnings_) codes.push_back(warning.code);
    return codes;
  }

  std::vector<Judge> judges_{Named("m", {"en"})};
  std::size_t of_video_ = 0;
  Item item_;
  AudienceFile file_;
  std::vector<std::string> judged_;
  std::vector<Warning> warnings_;
};

TEST_F(AudienceTest, ASidecarIsFoundAndAnOptionGoesBeforeIt) {
  EXPECT_FALSE(ReadAudience(item_, &warnings_));
  const std::string beside = Write("a.xml", kDanmaku);
  const std::optional<AudienceFile> found = ReadAudience(item_, &warnings_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path, beside);
  EXPECT_EQ(found->encoding, "UTF-8");
  EXPECT_THAT(found->comments, SizeIs(2));
  item_.danmaku = Write("other.xml", "<i><d p=\"1,1\">Other.</d></i>");
  EXPECT_EQ(ReadAudience(item_, &warnings_)->comments[0].text, "Other.");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(AudienceTest, ASidecarOfAnotherKindIsNotMeant) {
  Write("a.xml", "<movie><title>a</title></movie>");
  EXPECT_FALSE(ReadAudience(item_, &warnings_));
  std::filesystem::remove(folder_ / "a.xml");
  std::filesystem::create_directory(folder_ / "a.xml");
  EXPECT_FALSE(ReadAudience(item_, &warnings_));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(AudienceTest, AFileThatWasAskedForMustBeDanmaku) {
  for (const std::string& path :
       {(folder_ / "gone.xml").string(), Write("b.xml", "<movie/>")}) {
    item_.danmaku = path;
    try {
      ReadAudience(item_, &warnings_);
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_THAT(error.what(), testing::StartsWith(path + ": "));
    }
  }
}

TEST_F(AudienceTest, AFileOfMoreThan100MbIsRefusedUnread) {
  const std::string path = Write("a.xml", kDanmaku);
  std::filesystem::resize_file(path, 100 * 1000 * 1000 + 1);
  EXPECT_FALSE(ReadAudience(item_, &warnings_));
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_[0].code, "sidecar_unusable");
  EXPECT_EQ(warnings_[0].message,
            path + ": is larger than 100 MB; expected danmaku");
  item_.danmaku = path;
  EXPECT_THROW(ReadAudience(item_, &warnings_), Error);
}

TEST_F(AudienceTest, AnEncodingIsThatOfTheBytesWhateverTheFileSays) {
  // "这个视频真好看" and so on in GBK.
  const std::string gbk =
      "\xD5\xE2\xB8\xF6\xCA\xD3\xC6\xB5\xD5\xE6\xBA\xC3\xBF\xB4";
  std::string comments;
  for (int i = 0; i < 20; ++i) comments += "<d p=\"1,1\">" + gbk + "</d>";
  Write("a.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><i>" + comments + "</i>");
  const std::optional<AudienceFile> found = ReadAudience(item_, &warnings_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->encoding, "GB18030");
  ASSERT_THAT(found->comments, SizeIs(20));
  EXPECT_EQ(found->comments[0].text, "这个视频真好看");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(AudienceTest, BytesOfNoEncodingAreAWarning) {
  std::string comments;
  for (int i = 0; i < 50; ++i) comments += "<d p=\"1,1\">好看 and fine</d>";
  const std::string path =
      Write("a.xml", "<i>" + comments + "<d p=\"2,1\">so \xFF so</d></i>");
  const std::optional<AudienceFile> found = ReadAudience(item_, &warnings_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->comments.back().text, "so \uFFFD so");
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_[0].code, "danmaku_bytes_replaced");
  EXPECT_EQ(warnings_[0].message,
            path + ": holds bytes that are not UTF-8; they became U+FFFD");
}

TEST_F(AudienceTest, WindowsOfTenSecondsCoverTheVideo) {
  Comment(seconds(0), "ab");
  Comment(milliseconds(9999), "abcd");
  Comment(seconds(20), "abcdef");
  const Audience audience = Look(seconds(25));
  EXPECT_EQ(audience.path, "a.xml");
  EXPECT_EQ(audience.encoding, "UTF-8");
  EXPECT_EQ(audience.comments, 3);
  ASSERT_THAT(audience.windows, SizeIs(3));
  EXPECT_EQ(audience.windows[0].start, Time(0));
  EXPECT_EQ(audience.windows[0].end, seconds(10));
  EXPECT_EQ(audience.windows[0].comments, 2);
  EXPECT_DOUBLE_EQ(audience.windows[0].prediction->intensity, 3);
  EXPECT_DOUBLE_EQ(audience.windows[0].prediction->sentiment[2], 1);
  EXPECT_EQ(audience.windows[1].comments, 0);
  EXPECT_FALSE(audience.windows[1].prediction);
  EXPECT_EQ(audience.windows[2].end, seconds(25));
  EXPECT_DOUBLE_EQ(audience.whole->intensity, 4);
  EXPECT_THAT(audience.moments, ElementsAre(0, 2));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(AudienceTest, OfAStretchOnlyItsCommentsCount) {
  item_.sampling.start = seconds(15);
  item_.sampling.end = seconds(32);
  for (const int second : {14, 15, 19, 20, 31, 32, 99})
    Comment(seconds(second), std::to_string(second));
  const Audience audience = Look(seconds(32));
  EXPECT_EQ(audience.comments, 4);
  ASSERT_THAT(audience.windows, SizeIs(3));
  EXPECT_EQ(audience.windows[0].start, seconds(15));
  EXPECT_EQ(audience.windows[0].end, seconds(20));
  EXPECT_EQ(audience.windows[0].comments, 2);
  EXPECT_EQ(audience.windows[1].comments, 1);
  EXPECT_EQ(audience.windows[2].start, seconds(30));
  EXPECT_EQ(audience.windows[2].end, seconds(32));
  EXPECT_EQ(audience.windows[2].comments, 1);
  EXPECT_THAT(judged_, ElementsAre("15", "19", "20", "31"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(AudienceTest, CommentsAfterThePicturesAreLeftOutAndSaid) {
  Comment(seconds(1), "ab");
  Comment(seconds(4), "late");
  Comment(seconds(5), "late");
  EXPECT_EQ(Look(seconds(4)).comments, 1);
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_[0].code, "danmaku_after_end");
  EXPECT_EQ(warnings_[0].message,
            "a.xml: 2 comments lie after the end of the pictures: left out");
}

TEST_F(AudienceTest, MomentsAreTheFiveFullestWindows) {
  const int counts[] = {1, 3, 0, 2, 3, 1, 1, 4};
  for (int window = 0; window < 8; ++window) {
    for (int i = 0; i < counts[window]; ++i)
      Comment(seconds(10 * window + i), "x");
  }
  EXPECT_THAT(Look(seconds(80)).moments, ElementsAre(7, 1, 4, 3, 0));
}

TEST_F(AudienceTest, WithoutCommentsNothingIsJudged) {
  const Audience audience = Look(seconds(11));
  EXPECT_THAT(audience.windows, SizeIs(2));
  EXPECT_THAT(audience.moments, IsEmpty());
  EXPECT_FALSE(audience.whole);
  EXPECT_THAT(Look(seconds(0)).windows, IsEmpty());
}

TEST_F(AudienceTest, WhatManyWriteIsJudgedOnceAndCountsForEach) {
  for (int i = 0; i < 3; ++i) Comment(seconds(i), "ab");
  Comment(seconds(4), "abcdef");
  Comment(seconds(5), "???");  // no word of the model's
  EXPECT_DOUBLE_EQ(Look(seconds(10)).whole->intensity, (3 * 2 + 6) / 4.0);
  EXPECT_THAT(judged_, ElementsAre("ab", "abcdef", "???"));
}

TEST_F(AudienceTest, OfMoreThanTenThousandTextsSoManyAreJudged) {
  for (int i = 0; i < 15000; ++i)
    Comment(milliseconds(i), "comment " + std::to_string(i));
  const Audience audience = Look(seconds(20));
  EXPECT_EQ(audience.comments, 15000);
  ASSERT_THAT(judged_, SizeIs(10000));
  EXPECT_EQ(judged_.front(), "comment 0");
  EXPECT_EQ(judged_[1], "comment 1");
  EXPECT_EQ(judged_[2], "comment 3");  // evenly: two of three
  EXPECT_EQ(judged_.back(), "comment 14998");
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_[0].code, "danmaku_sampled");
  EXPECT_EQ(warnings_[0].message,
            "a.xml: holds 15000 different comments; the audience's sentiment "
            "is that of 10000 of them");
}

TEST_F(AudienceTest, AnotherLanguageThanTheModelsIsCountedNotJudged) {
  for (int i = 0; i < 20; ++i)
    Comment(seconds(i), "我一直很喜欢这座房子，但是今天我更想住在别的地方");
  const Audience audience = Look(seconds(20));
  EXPECT_EQ(audience.comments, 20);
  EXPECT_THAT(judged_, IsEmpty());
  EXPECT_FALSE(audience.whole);
  EXPECT_THAT(audience.moments, ElementsAre(0, 1));
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_[0].code, "text_language");
  EXPECT_EQ(warnings_[0].message,
            "a.xml: its words are Chinese, which is not a language of the "
            "model (en); the audience's sentiment is not judged");
  EXPECT_FALSE(audience.model);
}

TEST_F(AudienceTest, IsJudgedByTheBundleOfItsOwnLanguage) {
  judges_ = {Named("en", {"en"}), Named("zh", {"en", "zh"})};
  Comment(seconds(1), "我一直很喜欢这座房子，但是今天我更想住在别的地方");
  EXPECT_EQ(Look(seconds(20)).model->name, "zh");
  file_.comments.clear();
  Comment(seconds(1),
          "I have always loved this house, but today I would rather live "
          "somewhere else.");
  of_video_ = 1;
  EXPECT_EQ(Look(seconds(20)).model->name, "en");
  file_.comments.clear();
  Comment(seconds(1), "2333");  // too little to tell: as the video
  EXPECT_EQ(Look(seconds(20)).model->name, "zh");
  EXPECT_THAT(warnings_, IsEmpty());
}

}  // namespace
}  // namespace vsa
