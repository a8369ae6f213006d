#include "analysis/explain.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "analysis/prediction.h"
#include "tests/analysis/fakes.h"

namespace vsa {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

// The positive logit is a tenth of the text's letters plus the weighted faces;
// the intensity is the same.
class LinearModel : public FakeModel {
 public:
  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    std::vector<FusionOutput> outputs;
    for (const Evidence& one : evidence) {
      FusionOutput output;
      float sum =
          one[kText].vectors.empty() ? 0 : one[kText].vectors[0][0] / 10;
      const ModalityEvidence& faces = one[kFrames];
      for (std::size_t i = 0; i < faces.vectors.size(); ++i)
        sum += faces.weights[i] * faces.vectors[i][0];
      output.sentiment_logits = {0, 0, sum};
      output.intensity = sum;
      output.shares = {{}, faces.weights};
      largest_call_ =
          std::max(largest_call_, evidence.size() * (1 + faces.vectors.size()));
      outputs.push_back(output);
    }
    return outputs;
  }

  mutable std::size_t largest_call_ = 0;  // rows times faces
};

double Positive(double logit) { return 1 / (1 + 2 * std::exp(-logit)); }

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    judge_.text.cls = 101;
    judge_.text.sep = 102;
    judge_.text.max_tokens = 100;
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
  }

  Explanation Of(const Evidence& evidence, const std::string& text,
                 std::size_t faces) const {
    std::vector<FaceSource> sources(faces);
    for (std::size_t i = 0; i < faces; ++i)
      sources[i].time = std::chrono::seconds(i);
    return Explain(evidence, text, sources, model_.Fuse({evidence})[0], judge_);
  }

  FakeTokenizer tokenizer_;
  LinearModel model_;
  Judge judge_;
};

TEST_F(ExplainTest, AWordsScoreIsWhatItsLossCosts) {
  const Explanation explanation = Of(WordsAndFaces({{7}}, {}), "ab, cdefg!", 0);
  ASSERT_EQ(explanation.words.size(), 2u);
  EXPECT_EQ(explanation.words[1].begin, 4u);
  EXPECT_EQ(explanation.words[1].end, 9u);
  // Left are ", cdefg!" with 7 letters to this tokenizer, and "ab, !" with 4.
  EXPECT_THAT(explanation.words[0].score,
              DoubleNear(Positive(.7) - Positive(.7), 1e-6));
  EXPECT_THAT(explanation.words[1].score,
              DoubleNear(Positive(.7) - Positive(.4), 1e-6));
  EXPECT_THAT(explanation.faces, IsEmpty());
}

TEST_F(ExplainTest, WordsNeedNoSpaces) {
  const Explanation explanation = Of(WordsAndFaces({{4}}, {}), "我很开心。", 0);
  std::vector<std::pair<std::size_t, std::size_t>> bytes;
  for (const WordScore& word : explanation.words)
    bytes.emplace_back(word.begin, word.end);
  EXPECT_THAT(bytes,
              ElementsAre(std::pair(0, 3), std::pair(3, 6), std::pair(6, 12)));
}

TEST_F(ExplainTest, WithoutItsOnlyWordATextIsNoEvidence) {
  const Explanation explanation = Of(WordsAndFaces({{4}}, {}), "good", 0);
  ASSERT_EQ(explanation.words.size(), 1u);
  EXPECT_THAT(explanation.words[0].score,
              DoubleNear(Positive(.4) - 1.0 / 3, 1e-6));
}

TEST_F(ExplainTest, AFacesScoreIsWhatItsLossCosts) {
  const Explanation explanation =
      Of(WordsAndFaces({{4}}, {{{2}, {-1}}, {1, .5}}), "good", 2);
  ASSERT_EQ(explanation.faces.size(), 2u);
  EXPECT_EQ(explanation.faces[1].face.time, std::chrono::seconds(1));
  EXPECT_THAT(explanation.faces[0].score,
              DoubleNear(Positive(1.9) - Positive(-.1), 1e-6));
  EXPECT_THAT(explanation.faces[1].score,
              DoubleNear(Positive(1.9) - Positive(2.4), 1e-6));
}

TEST_F(ExplainTest, NeighboursAmongManyWordsShareTheirScore) {
  std::string text;
  for (int i = 0; i < 65; ++i) text += i == 3 ? "cdefg " : "a ";
  const Explanation explanation = Of(WordsAndFaces({{69}}, {}), text, 0);
  ASSERT_EQ(explanation.words.size(), 65u);
  const double pair = Positive(6.9) - Positive(6.3);
  EXPECT_THAT(explanation.words[2].score, DoubleNear(pair / 2, 1e-6));
  EXPECT_THAT(explanation.words[3].score, DoubleNear(pair / 2, 1e-6));
  EXPECT_THAT(explanation.words[64].score,
              DoubleNear(Positive(6.9) - Positive(6.8), 1e-6));
}

TEST_F(ExplainTest, OfManyFacesThoseWithTheLargestSharesAreLookedAt) {
  Evidence evidence = WordsAndFaces({}, {});
  for (int i = 0; i < 3000; ++i) {
    evidence[kFrames].vectors.push_back({1});
    evidence[kFrames].weights.push_back(i % 100 == 7 && i < 1600 ? .01f
                                                                 : .0001f);
  }
  const Explanation explanation = Of(evidence, "", 3000);
  ASSERT_EQ(explanation.faces.size(), 16u);
  for (int i = 0; i < 16; ++i)
    EXPECT_EQ(explanation.faces[i].face.time,
              std::chrono::seconds(100 * i + 7));
  EXPECT_LE(model_.largest_call_, 3001u);
}

TEST_F(ExplainTest, ThePartsOfAllModalitiesAddUp) {
  const Explanation explanation =
      Of(WordsAndFaces({{8}}, {{{-2}}, {1}}), "good day", 1);
  ASSERT_TRUE(explanation.parts[kText].alone &&
              explanation.parts[kFrames].alone);
  EXPECT_THAT(explanation.parts[kText].alone->intensity, DoubleNear(.8, 1e-6));
  EXPECT_THAT(explanation.parts[kFrames].alone->intensity,
              DoubleNear(-2, 1e-6));
  EXPECT_THAT(explanation.parts[kText].intensity, DoubleNear(.8, 1e-6));
  EXPECT_THAT(explanation.parts[kFrames].intensity, DoubleNear(-2, 1e-6));
  // Negative and neutral are level: the label is the first.
  const double whole = (1 - Positive(-1.2)) / 2;
  EXPECT_THAT(explanation.parts[kText].probability +
                  explanation.parts[kFrames].probability,
              DoubleNear(whole - 1.0 / 3, 1e-6));
  EXPECT_LT(explanation.parts[kText].probability, 0);
  EXPECT_GT(explanation.parts[kFrames].probability, 0);
}

TEST_F(ExplainTest, OfTwoModalitiesAPartIsTheMeanOfTwoWaysToTheBit) {
  const Evidence evidence = WordsAndFaces({{8.3f}}, {{{-1.7f}}, {.9f}});
  const Explanation explanation = Of(evidence, "good day", 1);
  const auto judge = [&](const Evidence& one) {
    return ToPrediction(model_.Fuse({one})[0]);
  };
  const Prediction text = judge({evidence[0], {}});
  const Prediction faces = judge({{}, evidence[1]});
  const Prediction whole = judge(evidence);
  EXPECT_EQ(explanation.parts[kText].probability,
            ((text.sentiment[0] - 1.0 / 3) +
             (whole.sentiment[0] - faces.sentiment[0])) /
                2);
  EXPECT_EQ(explanation.parts[kFrames].intensity,
            ((faces.intensity - 0) + (whole.intensity - text.intensity)) / 2);
}

TEST_F(ExplainTest, OfThreeModalitiesThePartsAddUp) {
  Evidence evidence = WordsAndFaces({{8}}, {{{-2}}, {1}});
  evidence.push_back({{{3}}, {1}});
  class ProductModel : public FakeModel {
   public:
    std::vector<FusionOutput> Fuse(
        const std::vector<Evidence>& rows) const override {
      std::vector<FusionOutput> outputs(rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        // 1 with the first, 1 more with the second and the third.
        outputs[i].intensity =
            (rows[i][0].vectors.empty() ? 0.f : 1.f) +
            (rows[i][1].vectors.empty() || rows[i][2].vectors.empty() ? 0.f
                                                                      : 1.f);
        outputs[i].shares = {{}, {0.5}, {}};
      }
      return outputs;
    }
  } model;
  judge_.model = &model;
  const Explanation explanation =
      Explain(evidence, "good day", std::vector<FaceSource>(1),
              model.Fuse({evidence})[0], judge_);
  ASSERT_EQ(explanation.parts.size(), 3u);
  EXPECT_THAT(explanation.parts[0].intensity, DoubleNear(1, 1e-9));
  EXPECT_THAT(explanation.parts[1].intensity, DoubleNear(0.5, 1e-9));
  EXPECT_THAT(explanation.parts[2].intensity, DoubleNear(0.5, 1e-9));
  EXPECT_EQ(explanation.parts[0].alone->intensity, 1);
  EXPECT_EQ(explanation.parts[2].alone->intensity, 0);
}

TEST_F(ExplainTest, WithoutPicturesTheTextChangesAll) {
  const Explanation explanation = Of(WordsAndFaces({{8}}, {}), "good day", 0);
  EXPECT_FALSE(explanation.parts[kFrames].alone);
  EXPECT_EQ(explanation.parts[kFrames].probability, 0);
  EXPECT_THAT(explanation.parts[kText].probability,
              DoubleNear(Positive(.8) - 1.0 / 3, 1e-6));
}

}  // namespace
}  // namespace vsa
