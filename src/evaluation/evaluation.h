// Labels and predictions to figures, and the figures as a table, as JSON
// ("vsa.metrics/1", described by docs/metrics.schema.json) or as Markdown.
#ifndef VSA_EVALUATION_EVALUATION_H_
#define VSA_EVALUATION_EVALUATION_H_

#include <optional>
#include <string>
#include <vector>

#include "evaluation/labels.h"
#include "evaluation/metrics.h"
#include "evaluation/predictions.h"

namespace vsa {

struct Evaluation {
  std::string labels;  // path of the table
  std::string split;
  MetricRules rules;
  std::optional<ModelName> model;
  bool by_probabilities = false;  // of the classes; else by the score

  int n = 0;
  std::optional<int> text, pictures;  // clips that had it; nullopt: not known
  int no_evidence = 0;
  int failed = 0;
  std::optional<int> without_video;  // where videos were looked for

  Metrics metrics;  // not rounded
  std::array<std::optional<Interval>, kMetricCount> intervals;
  std::array<std::array<int, 3>, 3> confusion{};
};

// All of it but labels, split, model and without_video. `predictions` are those
// of `clips`, one for each.
Evaluation Evaluate(const std::vector<LabelledClip>& clips,
                    const std::vector<ClipPrediction>& predictions,
                    const MetricRules& rules);

// `format` is "table", "json" or "markdown". Ends with a newline.
std::string FormatEvaluation(const Evaluation& evaluation,
                             const std::string& format);

// A figure as all formats give it; "-" where it is undefined.
std::string FigureOf(const std::optional<double>& value, Compat compat);

}  // namespace vsa

#endif  // VSA_EVALUATION_EVALUATION_H_
