#include "analysis/analyze.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

// A frame each half second.
std::vector<Time> TwoPerSecond(int count) {
  std::vector<Time> times;
  for (int i = 0; i < count; ++i) times.push_back(milliseconds(500 * i));
  return times;
}

class AnalyzeTest : public TemporaryFolder {
 protected:
  AnalyzeTest() {
    judge_.text.cls = 101;
    judge_.text.sep = 102;
    judge_.text.max_tokens = 6;
    judge_.segments = {1.0, 10.0, {1.0, 0.25}};
    judge_.languages = {"en"};
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
    engine_.open_video = [this](const std::string&, const Sampling&) {
      return std::make_unique<FakeVideo>(video_);
    };
    judge_.make_cropper = [this] { return crop_; };
    item_.video = (folder_ / "a.mp4").string();
  }

  void Subtitles(const std::string& srt) {
    item_.subtitles = Write("a.srt", srt);
  }

  // One crop of the whole frame, unless the frame's number is in
  // `without_face_`.
  std::vector<Crop> WholeFrame(const Frame& frame) const {
    if (std::count(without_face_.begin(), without_face_.end(),
                   frame.image.pixels[0]))
      return {};
    Crop crop;
    crop.image = frame.image;
    return {crop};
  }

  FakeTokenizer tokenizer_;
  FakeModel model_;
  FakeVideo video_{TwoPerSecond(8), seconds(4)};
  std::vector<int> without_face_;
  Cropper crop_ = [this](const Frame& frame) { return WholeFrame(frame); };
  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
};

TEST_F(AnalyzeTest, GivesEachFrameToTheSegmentItLiesIn) {
  Subtitles("1\n00:00:01,000 --> 00:00:02,500\nGood day.\n");
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 3u);
  EXPECT_EQ(analysis.segments[0].frames, 2);
  EXPECT_EQ(analysis.segments[1].frames, 3);
  EXPECT_EQ(analysis.segments[1].segment.text, "Good day.");
  EXPECT_EQ(analysis.segments[2].frames, 3);
  ASSERT_EQ(model_.fused_.size(), 3u);
  EXPECT_THAT(model_.fused_[0][kFrames].vectors,
              ElementsAre(ElementsAre(0), ElementsAre(1)));
  EXPECT_THAT(model_.fused_[1][kFrames].vectors,
              ElementsAre(ElementsAre(2), ElementsAre(3), ElementsAre(4)));
  EXPECT_THAT(model_.fused_[1][kText].vectors,
              ElementsAre(ElementsAre(8)));  // 4 + 4 letters
  EXPECT_THAT(model_.fused_[2][kText].vectors, IsEmpty());
  EXPECT_EQ(analysis.frames_sampled, 8);
  EXPECT_EQ(analysis.info.duration, Time(seconds(4)));
}

TEST_F(AnalyzeTest, ASegmentBetweenKeyframesTakesTheNearestWithinThePause) {
  Subtitles(
      "1\n00:00:00,200 --> 00:00:01,500\nOne.\n\n"
      "2\n00:00:03,000 --> 00:00:04,300\nTwo.\n\n"
      "3\n00:00:06,800 --> 00:00:08,500\nThree.\n\n"
      "4\n00:00:10,100 --> 00:00:11,000\nFour.\n");
  item_.sampling.keyframes = true;
  video_ = FakeVideo({seconds(2), seconds(5), milliseconds(9600)}, seconds(10));
  const Analysis analysis = Analyze(item_, engine_);
  EXPECT_TRUE(analysis.keyframes);
  EXPECT_EQ(analysis.frames_sampled, 3);
  std::vector<std::string> texts;
  std::vector<int> frames;
  for (const SegmentVerdict& verdict : analysis.segments) {
    texts.push_back(verdict.segment.text);
    frames.push_back(verdict.frames);
    EXPECT_EQ(verdict.present[kFrames], verdict.frames > 0);
  }
  EXPECT_THAT(texts,
              ElementsAre("One.", "", "Two.", "", "Three.", "", "Four."));
  // The frame at 2 s is 0.5 s after "One." and lies in the stretch behind it;
  // that at 5 s is 0.7 s after "Two."; "Four." begins after the pictures end.
  EXPECT_THAT(frames, ElementsAre(1, 1, 1, 1, 0, 1, 0));
}

TEST_F(AnalyzeTest, WithEveryFrameNoneIsShared) {
  Subtitles("1\n00:00:00,100 --> 00:00:01,500\nOne.\n");
  video_ = FakeVideo({seconds(2), seconds(3)}, seconds(4));
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 2u);
  EXPECT_EQ(analysis.segments[0].frames, 0);
  EXPECT_EQ(analysis.segments[1].frames, 2);
}

TEST_F(AnalyzeTest, AFrameWithoutCropsIsNoEvidence) {
  Subtitles("1\n00:00:00,000 --> 00:00:02,000\nGood.\n");
  without_face_ = {0, 1, 2, 3, 4, 5, 6, 7};
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 2u);
  EXPECT_TRUE(analysis.segments[0].present[kText]);
  EXPECT_FALSE(analysis.segments[0].present[kFrames]);
  EXPECT_EQ(analysis.segments[1].frames, 4);
  EXPECT_EQ(analysis.segments[1].faces, 0);
  EXPECT_FALSE(analysis.segments[1].prediction);
  EXPECT_TRUE(analysis.whole);
  EXPECT_FALSE(analysis.present[kFrames]);
}

TEST_F(AnalyzeTest, WithoutAnyEvidenceThereIsNoVerdictAndAWarning) {
  without_face_ = {0, 1, 2, 3, 4, 5, 6, 7};
  const Analysis analysis = Analyze(item_, engine_);
  EXPECT_FALSE(analysis.whole);
  ASSERT_EQ(analysis.warnings.size(), 1u);
  EXPECT_EQ(analysis.warnings[0].code, "no_evidence");
}

TEST_F(AnalyzeTest, EveryFaceIsEncodedOnceInFullBatches) {
  video_ = FakeVideo(TwoPerSecond(40), seconds(20));
  Analyze(item_, engine_);
  EXPECT_THAT(model_.frame_batches_, ElementsAre(16, 16, 8));
}

TEST_F(AnalyzeTest, SeveralFacesOfAFrameKeepTheirWeights) {
  crop_ = [](const Frame& frame) {
    Crop large, small;
    large.image = small.image = frame.image;
    large.weight = 0.75;
    small.weight = 0.25;
    return std::vector<Crop>{large, small};
  };
  video_ = FakeVideo(TwoPerSecond(9), milliseconds(4500));
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 1u);
  EXPECT_EQ(analysis.segments[0].frames, 9);
  EXPECT_EQ(analysis.segments[0].faces, 18);
  EXPECT_THAT(model_.frame_batches_, ElementsAre(16, 2));
  EXPECT_EQ(model_.fused_[0][kFrames].weights[0], 0.75f);
  EXPECT_EQ(model_.fused_[0][kFrames].weights[17], 0.25f);
}

TEST_F(AnalyzeTest, LongTextIsEncodedInWindowsAndAveragedByTokens) {
  // Windows of 4 tokens: (1 1 1 1) and (5).
  Subtitles("1\n00:00:00,000 --> 00:00:04,000\na a a a bbbbb\n");
  Analyze(item_, engine_);
  ASSERT_EQ(model_.text_rows_.size(), 2u);
  ASSERT_EQ(model_.fused_[0][kText].vectors.size(), 1u);
  EXPECT_FLOAT_EQ(model_.fused_[0][kText].vectors[0][0],
                  (4 * 4 + 1 * 5) / 5.0f);
}

TEST_F(AnalyzeTest, TheWholeIsWeightedByDurationAndKind) {
  // Three seconds with words (intensity 1), one of pictures alone (-1, weight
  // 0.25).
  Subtitles("1\n00:00:00,000 --> 00:00:03,000\nGood.\n");
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_TRUE(analysis.whole);
  EXPECT_NEAR(analysis.whole->intensity, (3 * 1.0 - 1 * 0.25) / 3.25, 1e-9);
}

TEST_F(AnalyzeTest, CuesAfterThePicturesAreTextAloneAndSaid) {
  Subtitles(
      "1\n00:00:00,000 --> 00:00:04,000\nGood.\n\n2\n00:00:10,000 --> "
      "00:00:11,000\nLate.\n");
  const Analysis analysis = Analyze(item_, engine_);
  ASSERT_EQ(analysis.segments.size(), 2u);
  EXPECT_EQ(analysis.segments[1].segment.text, "Late.");
  EXPECT_EQ(analysis.segments[1].frames, 0);
  ASSERT_EQ(analysis.warnings.size(), 1u);
  EXPECT_EQ(analysis.warnings[0].code, "cue_after_end");
  EXPECT_EQ(analysis.warnings[0].message,
            *item_.subtitles +
                ":6: 1 cue starts after the end of the media (4.000 s)");
}

TEST_F(AnalyzeTest, AFaultOfTheCropperEndsTheRun) {
  crop_ = [](const Frame&) -> std::vector<Crop> {
    throw Error(ErrorKind::kSetup, "detector.onnx: is broken");
  };
  EXPECT_THROW(Analyze(item_, engine_), Error);
}

// Ten hours at two frames a second: what waits at any time stays small.
TEST_F(AnalyzeTest, HoldsFewFramesHoweverLongTheVideoIs) {
  class LongVideo : public FakeVideo {
   public:
    LongVideo(std::atomic<int>* given)
        : FakeVideo({}, std::chrono::hours(10)), given_(given) {}
    bool Next(Frame* frame) override {
      if (*given_ == 72000) return false;
      frame->time = milliseconds(500 * *given_);
      frame->image = {1, 1, {0, 0, 0}};
      ++*given_;
      return true;
    }
    std::atomic<int>* given_;
  };
  class CountingModel : public FakeModel {
   public:
    std::vector<std::vector<float>> EncodeFrames(
        const std::vector<const Image*>& images) const override {
      most_waiting_ = std::max(most_waiting_, *given_ - encoded_);
      encoded_ += static_cast<int>(images.size());
      return std::vector<std::vector<float>>(images.size(), {0});
    }
    std::vector<FusionOutput> Fuse(
        const std::vector<Evidence>& evidence) const override {
      for (const Evidence& one : evidence)
        most_faces_ = std::max(most_faces_, one[kFrames].vectors.size());
      return std::vector<FusionOutput>(evidence.size());
    }
    std::atomic<int>* given_ = nullptr;
    mutable int encoded_ = 0;
    mutable int most_waiting_ = 0;
    mutable std::size_t most_faces_ = 0;
  };
  std::atomic<int> given{0};
  CountingModel model;
  model.given_ = &given;
  judge_.model = &model;
  engine_.open_video = [&](const std::string&, const Sampling&) {
    return std::make_unique<LongVideo>(&given);
  };
  const Analysis analysis = Analyze(item_, engine_);
  EXPECT_EQ(analysis.frames_sampled, 72000);
  EXPECT_EQ(model.encoded_, 72000);
  EXPECT_LE(model.most_waiting_, 128);
  EXPECT_LE(model.most_faces_, 20u);
  EXPECT_EQ(analysis.segments.size(), 3600u);
}

TEST_F(AnalyzeTest, WordsAreSaidOverTheWholeVideoInsteadOfSubtitles) {
  Write("a.srt", "1\n00:00:01,000 --> 00:00:02,500\nGood day.\n");
  item_.words = "- [MUSIC] a";
  const Analysis analysis = Analyze(item_, engine_);
  EXPECT_EQ(analysis.subtitle_source, "none");
  ASSERT_EQ(analysis.segments.size(), 1u);
  EXPECT_EQ(analysis.segments[0].segment.text, "- [MUSIC] a");
  EXPECT_EQ(analysis.segments[0].segment.end, seconds(4));
  EXPECT_EQ(analysis.segments[0].frames, 8);
  ASSERT_EQ(model_.fused_.size(), 1u);
  EXPECT_EQ(model_.fused_[0][kFrames].vectors.size(), 8u);
  EXPECT_THAT(model_.text_rows_, ElementsAre(ElementsAre(101, 1, 7, 1, 102)));
  EXPECT_TRUE(analysis.whole);
}

TEST_F(AnalyzeTest, WordsWithoutTokensLeaveThePictures) {
  for (const char* words : {"", "  "}) {
    item_.words = words;
    const Analysis analysis = Analyze(item_, engine_);
    EXPECT_FALSE(analysis.present[kText]);
    EXPECT_TRUE(analysis.present[kFrames]);
    EXPECT_EQ(analysis.segments.size(), 1u);
  }
}

TEST_F(AnalyzeTest, TextsWithoutAVideoAreEvidenceOfWordsAlone) {
  const std::vector<std::optional<Prediction>> predictions =
      AnalyzeTexts({"Good day.", " ", "a"}, judge_);
  ASSERT_EQ(predictions.size(), 3u);
  ASSERT_TRUE(predictions[0]);
  EXPECT_EQ(predictions[0]->intensity, 1);
  EXPECT_FALSE(predictions[1]);
  EXPECT_TRUE(predictions[2]);
  ASSERT_EQ(model_.fused_.size(), 2u);
  EXPECT_THAT(model_.fused_[0][kText].vectors, ElementsAre(ElementsAre(8)));
  EXPECT_THAT(model_.fused_[0][kFrames].vectors, IsEmpty());
  EXPECT_THAT(model_.fused_[1][kText].vectors, ElementsAre(ElementsAre(1)));
}

}  // namespace
}  // namespace vsa
