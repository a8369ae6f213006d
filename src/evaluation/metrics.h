// The figures of CMU-MOSI and CMU-MOSEI from truths and predictions, as the
// evaluation code of MMSA, MulT and MAG-BERT computes them, those of three
// classes, and MMSA's of CH-SIMS.
#ifndef VSA_EVALUATION_METRICS_H_
#define VSA_EVALUATION_METRICS_H_

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace vsa {

// Whose evaluation code the figures agree with.
enum class Compat { kMmsa, kMult, kMag };

// Which intensities are neutral: |x| <= 0.5, 0 alone, or -0.1 < x <= 0.1 (as
// MMSA has it for CH-SIMS).
enum class NeutralRule { kHalf, kSign, kTenth };

// What labels and scores are on: -3..3 (MOSI, MOSEI) or -1..1 (CH-SIMS).
enum class Scale { kMosi, kSims };

// A truth and what was predicted. Of all clips of a set either all have
// probabilities (negative, neutral, positive) or none.
struct ScoredClip {
  float truth = 0;
  float score = 0;
  std::optional<std::array<double, 3>> probabilities;
  bool evidence = true;  // false: the prediction stands for none
};

enum MetricIndex {
  kHas0Acc2,  // negative or not, by the score
  kHas0F1,
  kNon0Acc2,  // negative or positive, truths of 0 left out
  kNon0F1,
  kAcc5,
  kAcc7,
  kMae,
  kCorr,
  kAcc3,  // negative, neutral, positive
  kF1Of3,
  kRecall3,  // mean over the classes that occur
  kAuc,      // of the score, truths of 0 left out
  kAuc3,     // mean of each class against the others
  kEce,
  // By the larger of the probabilities of negative and positive.
  kClassHas0Acc2,  // the truth neutral joins negative
  kClassHas0F1,
  kClassNon0Acc2,  // the truth neutral left out
  kClassNon0F1,
  kClassNon0LiteralAcc2,  // as MMSA has it: a truth positive never matches
  kClassNon0LiteralF1,
  // Of CH-SIMS alone; the others, in this order, are MOSI's.
  kAcc2,  // above 0 or not, by the score
  kF1,
  kMetricCount
};

inline constexpr std::array<const char*, kMetricCount> kMetricNames = {
    "has0_acc2",
    "has0_f1",
    "non0_acc2",
    "non0_f1",
    "acc5",
    "acc7",
    "mae",
    "corr",
    "acc3",
    "f1_3",
    "recall3",
    "auc",
    "auc3",
    "ece",
    "class_has0_acc2",
    "class_has0_f1",
    "class_non0_acc2",
    "class_non0_f1",
    "class_non0_literal_acc2",
    "class_non0_literal_f1",
    "acc2",
    "f1"};

// The figures that a scale has, in the order in which they are shown.
const std::vector<MetricIndex>& MetricsOf(Scale scale);

// None where a figure is undefined: no clips, one class alone, a constant, no
// probabilities.
using Metrics = std::array<std::optional<double>, kMetricCount>;

struct MetricRules {
  Compat compat = Compat::kMmsa;
  NeutralRule neutral = NeutralRule::kHalf;
  Scale scale = Scale::kMosi;
};

// What CH-SIMS's figures are made by; it has no other rules.
inline constexpr MetricRules kSimsRules = {Compat::kMmsa, NeutralRule::kTenth,
                                           Scale::kSims};

// All figures of the rules' scale, not rounded. Those of CH-SIMS are of truths
// and scores clipped to -1..1, by the score alone.
Metrics ComputeMetrics(const std::vector<ScoredClip>& clips,
                       const MetricRules& rules);

// A figure as `compat`'s code gives it: MMSA rounds to 4 decimals.
double AsReported(double value, Compat compat);

// Counts by [truth][prediction] of negative, neutral, positive.
std::array<std::array<int, 3>, 3> ConfusionMatrix(
    const std::vector<ScoredClip>& clips, const MetricRules& rules);

// The 95 % intervals of ComputeMetrics' figures: percentiles of kDraws samples
// of as many clips, drawn with replacement. The same on every machine.
inline constexpr int kDraws = 1000;
inline constexpr int kSeed = 1;
using Interval = std::pair<double, double>;
std::array<std::optional<Interval>, kMetricCount> BootstrapIntervals(
    const std::vector<ScoredClip>& clips, const MetricRules& rules);

}  // namespace vsa

#endif  // VSA_EVALUATION_METRICS_H_
