#include "evaluation/predictions.h"

#include <gmock/gmock.h>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;

const std::vector<LabelledClip> kClips = {{2, "x", "1", "", 1},
                                          {3, "x", "2", "", -1}};

std::string Result(const std::string& id, const std::string& sentiment,
                   const std::string& sha256 = "ab") {
  return R"({"schema": "vsa.result/1", "id": ")" + id +
         R"(", "model": {"name": "m", "version": "1", "sha256": ")" + sha256 +
         R"(", "dtype": "fp32"}, "modalities": {"text": true, "visual": false},
         "sentiment": )" +
         sentiment + "}";
}

// One line.
std::string Line(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text + "\n";
}

constexpr const char* kSentiment =
    R"({"label": "neutral", "intensity": 0.25,
    "probabilities": {"negative": 0.2, "neutral": 0.5, "positive": 0.3}})";

class PredictionsTest : public TemporaryFolder {
 protected:
  Predictions Read(const std::string& bytes) const {
    return ReadPredictions(Write("p", bytes), kClips, Scale::kMosi);
  }

  std::string Complaint(const std::string& bytes) const {
    const std::string path = Write("p", bytes);
    try {
      ReadPredictions(path, kClips, Scale::kMosi);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(std::string(error.what()).find(path), 0u);
      return std::string(error.what()).substr(path.size());
    }
    return "";
  }
};

TEST_F(PredictionsTest, OfACsvInTheOrderOfTheClips) {
  const Predictions predictions =
      Read("score,video_id,clip_id\n-4.5,x,2\n9,y,1\n0.5,x,1\n");
  ASSERT_EQ(predictions.clips.size(), 2u);
  EXPECT_EQ(predictions.clips[0].score, 0.5f);
  EXPECT_EQ(predictions.clips[1].score, -4.5f);
  EXPECT_FALSE(predictions.clips[0].probabilities);
  EXPECT_FALSE(predictions.clips[0].text);
  EXPECT_TRUE(predictions.clips[0].has_evidence());
  EXPECT_FALSE(predictions.model);
}

TEST_F(PredictionsTest, OfACsvWithProbabilities) {
  const Predictions predictions = Read(
      "video_id,clip_id,score,positive,neutral,negative\n"
      "x,1,0,0.7,0.2,0.1\nx,2,0,0,0,1\n");
  EXPECT_THAT(*predictions.clips[0].probabilities, ElementsAre(0.1, 0.2, 0.7));
}

TEST_F(PredictionsTest, OfResultsWithFailuresAndClipsWithoutEvidence) {
  const Predictions predictions = Read(
      Line(Result("x/1", "null")) + "\n" +
      R"({"schema": "vsa.result/1", "id": "x/2", "video": {"path": "a"}, "error": {"kind": "input", "message": "m"}})");
  EXPECT_FALSE(predictions.clips[0].has_evidence());
  EXPECT_FALSE(predictions.clips[0].failed);
  EXPECT_TRUE(predictions.clips[1].failed);
  for (const ClipPrediction& clip : predictions.clips) {
    EXPECT_EQ(clip.score, 0);
    EXPECT_THAT(*clip.probabilities, ElementsAre(0, 1, 0));
  }
  EXPECT_EQ(predictions.model->sha256, "ab");
}

TEST_F(PredictionsTest, OfResultsWithTheirModelIfItIsOne) {
  const Predictions one =
      Read(Line(Result("x/1", kSentiment)) + Line(Result("x/2", kSentiment)));
  EXPECT_EQ(one.clips[0].score, 0.25f);
  EXPECT_THAT(*one.clips[0].probabilities, ElementsAre(0.2, 0.5, 0.3));
  EXPECT_TRUE(*one.clips[0].text);
  EXPECT_FALSE(*one.clips[0].pictures);
  EXPECT_EQ(one.model->name, "m");
  const Predictions two = Read(Line(Result("x/1", kSentiment)) +
                               Line(Result("x/2", kSentiment, "cd")));
  EXPECT_FALSE(two.model);
}

TEST_F(PredictionsTest, AThirdOfAResultsIntensityIsOnTheScaleOfChSims) {
  const std::string path = Write(
      "p", Line(Result("x/1", kSentiment)) + Line(Result("x/2", kSentiment)));
  EXPECT_EQ(ReadPredictions(path, kClips, Scale::kSims).clips[0].score,
            0.25f / 3);
  Write("p", "video_id,clip_id,score\nx,1,0.5\nx,2,0\n");
  EXPECT_EQ(ReadPredictions(path, kClips, Scale::kSims).clips[0].score, 0.5f);
}

TEST_F(PredictionsTest, SavedAreReadBackToTheBit) {
  std::vector<LabelledClip> clips = kClips;
  clips[0].video_id = "a, \"b\"\nc";
  clips[1].clip_id = " é;1";
  std::vector<ClipPrediction> saved(2);
  saved[0].score = 0.1f;
  saved[0].probabilities = {1.0 / 3, 0.1, 2.0 / 3 - 0.1};
  saved[1].score = -1e-9f;
  saved[1].probabilities = {0, 1, 0};
  const std::string path = Write("p", FormatPredictions(clips, saved));
  EXPECT_TRUE(IsPredictions(path));
  const Predictions read = ReadPredictions(path, clips, Scale::kMosi);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.clips[i].score, saved[i].score);
    EXPECT_EQ(read.clips[i].probabilities, saved[i].probabilities);
  }
  for (ClipPrediction& clip : saved) clip.probabilities.reset();
  EXPECT_EQ(FormatPredictions(kClips, saved),
            "video_id,clip_id,score\nx,1,0.1\nx,2,-1e-09\n");
}

TEST_F(PredictionsTest, FaultsOfACsv) {
  const std::string header = "video_id,clip_id,score\n";
  EXPECT_EQ(Complaint(""), ": is empty; expected a table with a header");
  EXPECT_EQ(Complaint("video_id,clip_id\n"),
            ":1: has no column score; expected one, named in this line");
  EXPECT_EQ(Complaint(header + "x,1,0\n"),
            ": has no prediction of x/2; expected one for each labelled clip "
            "of the split");
  EXPECT_EQ(Complaint(header + "x,1,0\nx,1,0\nx,2,0\n"),
            ":3: has x/1 again; expected it once, in line 2");
  for (const std::string score : {"nan", "NaN", "", "-inf", "1e39", "0.5x"}) {
    EXPECT_EQ(Complaint(header + "x,1," + score + "\nx,2,0\n"),
              ":2: the score is \"" + score + "\"; expected a finite number");
  }
  EXPECT_EQ(Complaint("video_id,clip_id,score,negative\nx,1,0,1\n"),
            ":1: has no column neutral; expected one, named in this line");
  for (const std::string p : {"1,1,1", "-0.1,1,0.1", "nan,0,1", ",0,1"}) {
    EXPECT_EQ(Complaint("video_id,clip_id,score,negative,neutral,positive\n"
                        "x,1,0," +
                        p + "\n"),
              ":2: negative, neutral and positive are no probabilities; "
              "expected numbers from 0 to 1 that sum to 1");
  }
}

TEST_F(PredictionsTest, FaultsOfResults) {
  const std::string good = Line(Result("x/1", kSentiment));
  EXPECT_EQ(Complaint(good + good + Line(Result("x/2", kSentiment))),
            ":2: has x/1 again; expected it once, in line 1");
  EXPECT_EQ(Complaint(good + "\n{\"schema\": \"vsa.res\n"),
            ":3: is no result of vsa; expected a line of vsa batch");
  EXPECT_EQ(Complaint("{\"schema\": \"vsa.result/1\", \"id\": null}\n"),
            ":1: has no id; expected video_id/clip_id");
  EXPECT_EQ(Complaint("{\"schema\": \"vsa.result/1\", \"id\": \"x/1\"}\n"),
            ":1: lacks a key of a result of vsa; expected one as "
            "docs/result.schema.json has it");
  EXPECT_EQ(
      Complaint(Line(Result(
          "x/1",
          R"({"intensity": 1e300, "probabilities": {"negative": 0, "neutral": 0, "positive": 1}})"))),
      ":1: its sentiment is out of range; expected probabilities and an "
      "intensity");
  EXPECT_EQ(Complaint(good),
            ": has no prediction of x/2; expected one for "
            "each labelled clip of the split");
}

}  // namespace
}  // namespace vsa
