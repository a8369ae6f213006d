#include "evaluation/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>

namespace vsa {
namespace {

constexpr int kBins = 15;  // of the calibration error

// Truths and predictions as numbers of classes.
struct Labels {
  void Add(int t, int p) {
    truth.push_back(t);
    found.push_back(p);
  }
  std::vector<int> truth;
  std::vector<int> found;
};

// counts[t][p], for up to three classes.
using Counts = std::array<std::array<int, 3>, 3>;

Counts CountsOf(const Labels& labels) {
  Counts counts{};
  for (std::size_t i = 0; i < labels.truth.size(); ++i)
    ++counts[labels.truth[i]][labels.found[i]];
  return counts;
}

int TruthCount(const Counts& counts, int c) {
  return counts[c][0] + counts[c][1] + counts[c][2];
}

int FoundCount(const Counts& counts, int c) {
  return counts[0][c] + counts[1][c] + counts[2][c];
}

std::optional<double> Accuracy(const Labels& labels) {
  if (labels.truth.empty()) return std::nullopt;
  const Counts counts = CountsOf(labels);
  return static_cast<double>(counts[0][0] + counts[1][1] + counts[2][2]) /
         static_cast<double>(labels.truth.size());
}

// The mean of the classes' F1, each weighted by its count among the truths, or
// among the predictions.
std::optional<double> WeightedF1(const Labels& labels,
                                 bool by_predictions = false) {
  if (labels.truth.empty()) return std::nullopt;
  const Counts counts = CountsOf(labels);
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    const int truth = TruthCount(counts, c), found = FoundCount(counts, c);
    if (truth + found == 0) continue;
    const double f1 = 2.0 * counts[c][c] / (truth + found);
    sum += f1 * (by_predictions ? found : truth);
  }
  return sum / static_cast<double>(labels.truth.size());
}

std::optional<double> MacroRecall(const Labels& labels) {
  const Counts counts = CountsOf(labels);
  double sum = 0;
  int classes = 0;
  for (int c = 0; c < 3; ++c) {
    const int truth = TruthCount(counts, c);
    if (truth == 0) continue;
    sum += static_cast<double>(counts[c][c]) / truth;
    ++classes;
  }
  if (classes == 0) return std::nullopt;
  return sum / classes;
}

// Halves go to the even number, as numpy's rint has them.
float Whole(float x, float limit) {
  return std::nearbyint(std::clamp(x, -limit, limit));
}

std::optional<double> WholeAccuracy(const std::vector<ScoredClip>& clips,
                                    float limit) {
  if (clips.empty()) return std::nullopt;
  const auto right =
      std::count_if(clips.begin(), clips.end(), [&](const ScoredClip& clip) {
        return Whole(clip.score, limit) == Whole(clip.truth, limit);
      });
  return static_cast<double>(right) / static_cast<double>(clips.size());
}

// A float in the end, as those codes have it, but not summed as one.
std::optional<double> MeanError(const std::vector<ScoredClip>& clips) {
  if (clips.empty()) return std::nullopt;
  double sum = 0;
  for (const ScoredClip& clip : clips) sum += std::abs(clip.score - clip.truth);
  return static_cast<float>(sum / static_cast<double>(clips.size()));
}

std::optional<double> Correlation(const std::vector<ScoredClip>& clips) {
  const auto same = [](auto member) {
    return [member](const ScoredClip& a, const ScoredClip& b) {
      return a.*member != b.*member;
    };
  };
  for (const auto member : {&ScoredClip::truth, &ScoredClip::score}) {
    if (std::adjacent_find(clips.begin(), clips.end(), same(member)) ==
        clips.end())
      return std::nullopt;
  }
  double truth_mean = 0, score_mean = 0;
  for (const ScoredClip& clip : clips) {
    truth_mean += clip.truth;
    score_mean += clip.score;
  }
  truth_mean /= static_cast<double>(clips.size());
  score_mean /= static_cast<double>(clips.size());
  double both = 0, truths = 0, scores = 0;
  for (const ScoredClip& clip : clips) {
    const double t = clip.truth - truth_mean, p = clip.score - score_mean;
    both += t * p;
    truths += t * t;
    scores += p * p;
  }
  const double corr = both / std::sqrt(truths) / std::sqrt(scores);
  if (!std::isfinite(corr)) return std::nullopt;
  return std::clamp(corr, -1.0, 1.0);
}

// The chance that a positive's value is above a negative's; ties count half.
std::optional<double> Auc(std::vector<std::pair<double, bool>> values) {
  std::sort(values.begin(), values.end());
  double above = 0, negatives = 0, positives = 0;
  for (std::size_t i = 0; i < values.size();) {
    double tied_negatives = 0, tied_positives = 0;
    const double value = values[i].first;
    for (; i < values.size() && values[i].first == value; ++i)
      ++(values[i].second ? tied_positives : tied_negatives);
    above += tied_positives * (negatives + tied_negatives / 2);
    negatives += tied_negatives;
    positives += tied_positives;
  }
  if (negatives == 0 || positives == 0) return std::nullopt;
  return above / (negatives * positives);
}

int ClassOf(float x, NeutralRule rule) {
  if (rule == NeutralRule::kTenth) return x <= -0.1f ? 0 : x <= 0.1f ? 1 : 2;
  const float limit = rule == NeutralRule::kHalf ? 0.5f : 0.0f;
  return x < -limit ? 0 : x > limit ? 2 : 1;
}

int FoundClass(const ScoredClip& clip, NeutralRule rule) {
  if (!clip.probabilities) return ClassOf(clip.score, rule);
  const auto& p = *clip.probabilities;
  return static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
}

bool HaveProbabilities(const std::vector<ScoredClip>& clips) {
  return !clips.empty() &&
         std::all_of(clips.begin(), clips.end(),
                     [](const ScoredClip& clip) { return clip.probabilities; });
}

std::optional<double> MacroAuc(const std::vector<ScoredClip>& clips,
                               NeutralRule rule) {
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    std::vector<std::pair<double, bool>> values;
    for (const ScoredClip& clip : clips)
      values.emplace_back((*clip.probabilities)[c],
                          ClassOf(clip.truth, rule) == c);
    const std::optional<double> auc = Auc(std::move(values));
    if (!auc) return std::nullopt;
    sum += *auc;
  }
  return sum / 3;
}

// Guo et al. 2017: the mean over the clips of |accuracy - confidence| of their
// bin, of kBins equal ones of the highest probability.
std::optional<double> CalibrationError(const std::vector<ScoredClip>& clips,
                                       NeutralRule rule) {
  std::array<double, kBins> differences{};
  double count = 0;
  for (const ScoredClip& clip : clips) {
    if (!clip.evidence) continue;
    const int found = FoundClass(clip, rule);
    const double confidence = (*clip.probabilities)[found];
    const int bin = std::min(static_cast<int>(confidence * kBins), kBins - 1);
    differences[bin] +=
        (found == ClassOf(clip.truth, rule) ? 1 : 0) - confidence;
    ++count;
  }
  if (count == 0) return std::nullopt;
  double sum = 0;
  for (const double difference : differences) sum += std::abs(difference);
  return sum / count;
}

void AddScoreMetrics(const std::vector<ScoredClip>& clips, Compat compat,
                     Metrics* metrics) {
  Labels has0, non0;
  std::vector<std::pair<double, bool>> scores;
  for (const ScoredClip& clip : clips) {
    // MulT's threshold lies above 0, also where it keeps truths of 0.
    if (compat == Compat::kMult) {
      has0.Add(clip.truth > 0, clip.score > 0);
    } else {
      has0.Add(clip.truth >= 0, clip.score >= 0);
    }
    if (clip.truth == 0) continue;
    non0.Add(clip.truth > 0,
             compat == Compat::kMag ? clip.score >= 0 : clip.score > 0);
    scores.emplace_back(clip.score, clip.truth > 0);
  }
  const bool by_predictions = compat == Compat::kMult;
  (*metrics)[kHas0Acc2] = Accuracy(has0);
  (*metrics)[kHas0F1] = WeightedF1(has0, by_predictions);
  (*metrics)[kNon0Acc2] = Accuracy(non0);
  (*metrics)[kNon0F1] = WeightedF1(non0, by_predictions);
  (*metrics)[kAcc5] = WholeAccuracy(clips, 2);
  (*metrics)[kAcc7] = WholeAccuracy(clips, 3);
  (*metrics)[kMae] = MeanError(clips);
  (*metrics)[kCorr] = Correlation(clips);
  (*metrics)[kAuc] = Auc(std::move(scores));
}

Labels ThreeClasses(const std::vector<ScoredClip>& clips, NeutralRule rule) {
  Labels labels;
  for (const ScoredClip& clip : clips)
    labels.Add(ClassOf(clip.truth, rule), FoundClass(clip, rule));
  return labels;
}

void AddClassMetrics(const std::vector<ScoredClip>& clips, NeutralRule rule,
                     Metrics* metrics) {
  const Labels three = ThreeClasses(clips, rule);
  (*metrics)[kAcc3] = Accuracy(three);
  (*metrics)[kF1Of3] = WeightedF1(three);
  (*metrics)[kRecall3] = MacroRecall(three);
  if (!HaveProbabilities(clips)) return;
  (*metrics)[kAuc3] = MacroAuc(clips, rule);
  (*metrics)[kEce] = CalibrationError(clips, rule);
  Labels has0, non0, literal;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const auto& p = *clips[i].probabilities;
    const int found = p[2] > p[0];
    const int truth = three.truth[i];
    has0.Add(truth == 2, found);
    if (truth == 1) continue;
    non0.Add(truth == 2, found);
    literal.Add(truth, found);
  }
  (*metrics)[kClassHas0Acc2] = Accuracy(has0);
  (*metrics)[kClassHas0F1] = WeightedF1(has0);
  (*metrics)[kClassNon0Acc2] = Accuracy(non0);
  (*metrics)[kClassNon0F1] = WeightedF1(non0);
  (*metrics)[kClassNon0LiteralAcc2] = Accuracy(literal);
  (*metrics)[kClassNon0LiteralF1] = WeightedF1(literal);
}

// As eval_sims_regression of MMSA; `clips` are clipped to -1..1.
void AddSimsMetrics(const std::vector<ScoredClip>& clips, Metrics* metrics) {
  const auto fifth = [](float x) {
    return x <= -0.7f ? 0 : x <= -0.1f ? 1 : x <= 0.1f ? 2 : x <= 0.7f ? 3 : 4;
  };
  Labels two;
  int same_fifth = 0;
  for (const ScoredClip& clip : clips) {
    two.Add(clip.truth > 0, clip.score > 0);
    same_fifth += fifth(clip.truth) == fifth(clip.score);
  }
  (*metrics)[kAcc2] = Accuracy(two);
  (*metrics)[kF1] = WeightedF1(two);
  (*metrics)[kAcc3] = Accuracy(ThreeClasses(clips, NeutralRule::kTenth));
  if (!clips.empty())
    (*metrics)[kAcc5] = same_fifth / static_cast<double>(clips.size());
  (*metrics)[kMae] = MeanError(clips);
  (*metrics)[kCorr] = Correlation(clips);
}

// The clips that count, as they count: MAG-BERT drops truths of 0 before all
// else, CH-SIMS's figures know no value beyond its scale and no probabilities.
std::vector<ScoredClip> Counted(const std::vector<ScoredClip>& clips,
                                const MetricRules& rules) {
  std::vector<ScoredClip> counted;
  for (ScoredClip clip : clips) {
    if (rules.compat == Compat::kMag && clip.truth == 0) continue;
    if (rules.scale == Scale::kSims) {
      clip.truth = std::clamp(clip.truth, -1.0f, 1.0f);
      clip.score = std::clamp(clip.score, -1.0f, 1.0f);
      clip.probabilities.reset();
    }
    counted.push_back(clip);
  }
  return counted;
}

// By linear interpolation, as numpy's percentile. `sorted` is not empty.
double Percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] +
         (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

const std::vector<MetricIndex>& MetricsOf(Scale scale) {
  static const std::vector<MetricIndex> mosi = [] {
    std::vector<MetricIndex> all;
    for (int i = 0; i < kAcc2; ++i) all.push_back(static_cast<MetricIndex>(i));
    return all;
  }();
  static const std::vector<MetricIndex> sims = {kAcc2, kF1,  kAcc3,
                                                kAcc5, kMae, kCorr};
  return scale == Scale::kSims ? sims : mosi;
}

Metrics ComputeMetrics(const std::vector<ScoredClip>& clips,
                       const MetricRules& rules) {
  const std::vector<ScoredClip> counted = Counted(clips, rules);
  Metrics metrics;
  if (rules.scale == Scale::kSims) {
    AddSimsMetrics(counted, &metrics);
    return metrics;
  }
  AddScoreMetrics(counted, rules.compat, &metrics);
  AddClassMetrics(counted, rules.neutral, &metrics);
  return metrics;
}

double AsReported(double value, Compat compat) {
  return compat == Compat::kMmsa ? std::nearbyint(value * 1e4) / 1e4 : value;
}

std::array<std::array<int, 3>, 3> ConfusionMatrix(
    const std::vector<ScoredClip>& clips, const MetricRules& rules) {
  return CountsOf(ThreeClasses(Counted(clips, rules), rules.neutral));
}

std::array<std::optional<Interval>, kMetricCount> BootstrapIntervals(
    const std::vector<ScoredClip>& clips, const MetricRules& rules) {
  std::array<std::vector<double>, kMetricCount> drawn;
  // The engine's sequence is the standard's; its distributions' are not.
  std::mt19937_64 engine(kSeed);
  std::vector<ScoredClip> sample(clips.size());
  for (int draw = 0; draw < kDraws; ++draw) {
    for (ScoredClip& clip : sample)
      clip = clips[(engine() >> 32) * clips.size() >> 32];
    const Metrics metrics = ComputeMetrics(sample, rules);
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      if (metrics[i]) drawn[i].push_back(*metrics[i]);
    }
  }
  const Metrics metrics = ComputeMetrics(clips, rules);
  std::array<std::optional<Interval>, kMetricCount> intervals;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    if (!metrics[i] || drawn[i].empty()) continue;
    std::sort(drawn[i].begin(), drawn[i].end());
    intervals[i] =
        Interval{Percentile(drawn[i], 0.025), Percentile(drawn[i], 0.975)};
  }
  return intervals;
}

}  // namespace vsa
