// The figures against what the evaluation code of MMSA, MulT and MAG-BERT
// gives.
#include "evaluation/metrics.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace vsa {
namespace {

constexpr double kExact = 1e-12;     // sums of doubles in another order
constexpr double kFloat = 5e-8;      // half the distance of floats below 1
constexpr double kReported = 1e-12;  // 4 decimals, after the same rounding

std::vector<ScoredClip> Clips(const std::vector<float>& scores,
                              const std::vector<float>& truths) {
  std::vector<ScoredClip> clips;
  for (std::size_t i = 0; i < scores.size(); ++i)
    clips.push_back({truths[i], scores[i], std::nullopt, true});
  return clips;
}

const std::vector<ScoredClip>& Vector() {
  static const std::vector<ScoredClip> clips = Clips(
      {0.0f, -0.0f, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f,  -2.5f, 3.4f,  -3.7f,
       0.2f, -0.1f, 1.2f, 2.49f, -.8f, 0.05f, -2.2f, 0.6f,  -1.1f, 0.51f},
      {0.0f,  0.4f, 0.6f, 0.0f, 1.8f,   -1.6f, 3.0f,  -2.4f, 2.8f,  -3.0f,
       -0.2f, 0.2f, 1.0f, 2.4f, -1.75f, 0.0f,  -1.0f, -0.6f, -1.4f, 1.5f});
  return clips;
}

double Get(const std::vector<ScoredClip>& clips, MetricIndex index,
           Compat compat = Compat::kMmsa) {
  const std::optional<double> value =
      ComputeMetrics(clips, {compat, NeutralRule::kHalf})[index];
  return value ? *value : NAN;
}

double Reported(const std::vector<ScoredClip>& clips, MetricIndex index) {
  return AsReported(Get(clips, index), Compat::kMmsa);
}

TEST(Metrics, ScoresAsMmsaHasThem) {
  EXPECT_NEAR(Reported(Vector(), kHas0Acc2), 0.8, kReported);
  EXPECT_NEAR(Reported(Vector(), kHas0F1), 0.8, kReported);
  EXPECT_NEAR(Reported(Vector(), kNon0Acc2), 0.7647, kReported);
  EXPECT_NEAR(Reported(Vector(), kNon0F1), 0.7647, kReported);
  EXPECT_NEAR(Reported(Vector(), kAcc5), 0.75, kReported);
  EXPECT_NEAR(Reported(Vector(), kAcc7), 0.7, kReported);
  EXPECT_NEAR(Reported(Vector(), kMae), 0.449, kReported);
  EXPECT_NEAR(Reported(Vector(), kCorr), 0.9403, kReported);
  EXPECT_NEAR(Get(Vector(), kCorr), 0.9402989059262186, kExact);
}

TEST(Metrics, ScoresAsMultHasThem) {
  const auto get = [](MetricIndex i) {
    return Get(Vector(), i, Compat::kMult);
  };
  EXPECT_NEAR(get(kNon0Acc2), 0.7647058823529411, kExact);
  EXPECT_NEAR(get(kNon0F1), 0.7647058823529411, kExact);
  EXPECT_NEAR(get(kHas0Acc2), 0.75, kExact);
  EXPECT_NEAR(get(kHas0F1), 0.7493734335839598, kExact);
}

TEST(Metrics, ScoresAsMagBertHasThem) {
  const auto get = [](MetricIndex i) { return Get(Vector(), i, Compat::kMag); };
  for (const MetricIndex accuracy : {kHas0Acc2, kNon0Acc2})
    EXPECT_NEAR(get(accuracy), 0.8235294117647058, kExact);
  for (const MetricIndex f1 : {kHas0F1, kNon0F1})
    EXPECT_NEAR(get(f1), 0.8222910216718267, kExact);
  EXPECT_NEAR(get(kMae), 0.49588236, kFloat);
  EXPECT_NEAR(get(kCorr), 0.9419679708376079, kExact);
}

// All that rounds or clips is as eval_sims_regression of MMSA gives it.
TEST(Metrics, ScoresOfChSimsAsMmsaHasThem) {
  const Metrics metrics = ComputeMetrics(Vector(), kSimsRules);
  const auto reported = [&](MetricIndex i) {
    return AsReported(*metrics[i], Compat::kMmsa);
  };
  EXPECT_NEAR(reported(kAcc2), 0.75, kReported);
  EXPECT_NEAR(reported(kF1), 0.7506, kReported);
  EXPECT_NEAR(reported(kAcc3), 0.75, kReported);
  EXPECT_NEAR(reported(kAcc5), 0.7, kReported);
  EXPECT_NEAR(reported(kMae), 0.182, kReported);
  EXPECT_NEAR(reported(kCorr), 0.9043, kReported);
  for (int i = 0; i < kMetricCount; ++i) {
    const auto& sims = MetricsOf(Scale::kSims);
    const bool has = std::find(sims.begin(), sims.end(), i) != sims.end();
    EXPECT_EQ(metrics[i].has_value(), has) << kMetricNames[i];
  }
}

TEST(Metrics, ChSimsThresholdsBelongToTheClassBelow) {
  const auto clips = Clips({-0.1f, 0.1f, 0.7f, -0.7f, 0, 9},
                           {-0.2f, 0, 0.2f, -1, -0.05f, 0.8f});
  const Metrics metrics = ComputeMetrics(clips, kSimsRules);
  EXPECT_EQ(metrics[kAcc3], 1);
  EXPECT_EQ(metrics[kAcc5], 1);
  EXPECT_NEAR(*metrics[kAcc2], 5.0 / 6, kExact) << "of 0.1 and 0";
  EXPECT_EQ(ConfusionMatrix(clips, kSimsRules)[1][1], 2);
}

TEST(Metrics, ChSimsTakesItsClassesFromTheScoreAlone) {
  std::vector<ScoredClip> clips = Clips({0.5f, -0.5f}, {0.5f, -0.5f});
  for (ScoredClip& clip : clips) clip.probabilities = {0.1, 0.8, 0.1};
  EXPECT_EQ(ComputeMetrics(clips, kSimsRules)[kAcc3], 1);
}

std::vector<ScoredClip> ClipsOfLogits() {
  const std::array<double, 3> logits[] = {
      {2, 1, 0}, {0, 3, 1}, {0, 1, 2},   {1, 0, 1}, {.5, 0, 1.5},
      {2, 0, 1}, {0, 2, 1}, {1, 2, 0.5}, {0, 0, 3}, {1.5, 0, 0}};
  const int truths[] = {0, 1, 2, 0, 2, 2, 1, 0, 2, 0};
  std::vector<ScoredClip> clips;
  for (std::size_t i = 0; i < std::size(truths); ++i)
    clips.push_back({static_cast<float>(truths[i] - 1), 0, logits[i], true});
  return clips;
}

TEST(Metrics, ThreeClasses) {
  const std::vector<ScoredClip> clips = ClipsOfLogits();
  EXPECT_NEAR(Reported(clips, kAcc3), 0.8, kReported);
  EXPECT_NEAR(Reported(clips, kF1Of3), 0.8029, kReported);
  EXPECT_NEAR(Reported(clips, kClassHas0Acc2), 0.7, kReported);
  EXPECT_NEAR(Reported(clips, kClassHas0F1), 0.703, kReported);
  EXPECT_NEAR(Reported(clips, kClassNon0LiteralAcc2), 0.5, kReported);
  EXPECT_NEAR(Reported(clips, kClassNon0LiteralF1), 0.4444, kReported);
  EXPECT_NEAR(Reported(clips, kClassNon0Acc2), 0.875, kReported);
  EXPECT_NEAR(Reported(clips, kClassNon0F1), 0.8730, kReported);
  const auto confusion = ConfusionMatrix(clips, {});
  EXPECT_THAT(confusion[0], testing::ElementsAre(3, 1, 0));
  EXPECT_THAT(confusion[1], testing::ElementsAre(0, 2, 0));
  EXPECT_THAT(confusion[2], testing::ElementsAre(1, 0, 3));
  EXPECT_NEAR(Get(clips, kRecall3), (0.75 + 1 + 0.75) / 3, kExact);
}

TEST(Metrics, AConstantPredictionHasNoCorrelation) {
  const auto clips = Clips({1, 1, 1}, {1, -1, 2});
  for (const MetricIndex i : {kHas0Acc2, kNon0Acc2})
    EXPECT_NEAR(Reported(clips, i), 0.6667, kReported);
  for (const MetricIndex i : {kHas0F1, kNon0F1})
    EXPECT_NEAR(Reported(clips, i), 0.5333, kReported);
  for (const MetricIndex i : {kAcc5, kAcc7})
    EXPECT_NEAR(Reported(clips, i), 0.3333, kReported);
  EXPECT_NEAR(Get(clips, kMae), 1, kExact);
  EXPECT_TRUE(std::isnan(Get(clips, kCorr)));
}

TEST(Metrics, AConstantTruthHasNoCorrelation) {
  const auto clips = Clips({1, -1, 2}, {1, 1, 1});
  EXPECT_NEAR(Reported(clips, kNon0Acc2), 0.6667, kReported);
  EXPECT_NEAR(Reported(clips, kNon0F1), 0.8, kReported);
  EXPECT_TRUE(std::isnan(Get(clips, kCorr)));
  EXPECT_TRUE(std::isnan(Get(clips, kAuc)));
}

TEST(Metrics, OneRowAndTwo) {
  const auto one = Clips({1}, {1});
  for (const MetricIndex i : {kHas0Acc2, kHas0F1, kNon0Acc2, kNon0F1, kAcc5,
                              kAcc7, kAcc3, kF1Of3, kRecall3})
    EXPECT_EQ(Get(one, i), 1) << kMetricNames[i];
  EXPECT_EQ(Get(one, kMae), 0);
  EXPECT_TRUE(std::isnan(Get(one, kCorr)));
  const auto two = Clips({1, 2}, {1, 2.5});
  EXPECT_EQ(Get(two, kAcc7), 1);
  EXPECT_NEAR(Get(two, kMae), 0.25, kExact);
  EXPECT_NEAR(Get(two, kCorr), 1, kExact);
}

TEST(Metrics, WithoutTruthsOtherThan0Non0IsUndefined) {
  const auto clips = Clips({1, 0}, {0, 0});
  for (const Compat compat : {Compat::kMmsa, Compat::kMult, Compat::kMag}) {
    for (const MetricIndex i : {kNon0Acc2, kNon0F1, kAuc})
      EXPECT_TRUE(std::isnan(Get(clips, i, compat))) << kMetricNames[i];
  }
  EXPECT_EQ(Get(clips, kHas0Acc2), 1);
  EXPECT_TRUE(std::isnan(Get(clips, kMae, Compat::kMag)));
}

TEST(Metrics, TheRuleForNeutralIsThatOfTruthAndScore) {
  const auto clips = Clips({0.5f, 0.6f, -0.1f, 0}, {0.2f, 0.5f, -0.6f, 0});
  EXPECT_NEAR(
      *ComputeMetrics(clips, {Compat::kMmsa, NeutralRule::kHalf})[kAcc3], 0.5,
      kExact);
  EXPECT_NEAR(
      *ComputeMetrics(clips, {Compat::kMmsa, NeutralRule::kSign})[kAcc3], 1.0,
      kExact);
}

TEST(Metrics, WhatNeedsProbabilitiesIsUndefinedWithoutThem) {
  const Metrics metrics = ComputeMetrics(Vector(), {});
  for (int i = kAuc3; i < kAcc2; ++i)
    EXPECT_FALSE(metrics[i]) << kMetricNames[i];
}

TEST(Metrics, TiesCountHalfInAuc) {
  EXPECT_NEAR(Get(Clips({1, 1, 2, 0}, {-1, 1, 1, -2}), kAuc), 3.5 / 4, kExact);
}

TEST(Metrics, CalibrationIsThatOfClipsWithEvidence) {
  std::vector<ScoredClip> clips = {
      {1, 1, {{0.05, 0.05, 0.9}}, true},
      {-1, 1, {{0.05, 0.05, 0.9}}, true},
      {0, 0, {{0.2, 0.6, 0.2}}, true},
      {1, 0, {{0, 1, 0}}, false},
  };
  // The bin of 0.9 is right half the time, that of 0.6 always.
  EXPECT_NEAR(Get(clips, kEce), (2 * 0.4 + 0.4) / 3, kExact);
  EXPECT_NEAR(Get(clips, kAcc3), 0.5, kExact);
}

TEST(Metrics, MmsaRoundsHalvesToEven) {
  EXPECT_EQ(AsReported(0.00025, Compat::kMmsa), 0.0002);
  EXPECT_EQ(AsReported(0.12344999, Compat::kMult), 0.12344999);
}

// Whatever the library: the figures were taken once from this code.
TEST(Metrics, IntervalsAreTheSameEverywhere) {
  const auto intervals = BootstrapIntervals(Vector(), {});
  ASSERT_TRUE(intervals[kMae]);
  EXPECT_NEAR(intervals[kMae]->first, 0.306988, 1e-6);
  EXPECT_NEAR(intervals[kMae]->second, 0.621050, 1e-6);
  EXPECT_LT(intervals[kNon0Acc2]->first, 0.7647);
  EXPECT_GT(intervals[kNon0Acc2]->second, 0.7647);
  EXPECT_FALSE(intervals[kEce]);
}

}  // namespace
}  // namespace vsa
