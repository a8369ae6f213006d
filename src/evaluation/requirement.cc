#include "evaluation/requirement.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/parse_number.h"
#include "vsa/error.h"

namespace vsa {
namespace {

std::string Trimmed(const std::string& text) {
  const std::size_t start = text.find_first_not_of(' ');
  if (start == text.npos) return "";
  return text.substr(start, text.find_last_not_of(' ') + 1 - start);
}

bool Holds(double value, const Requirement& requirement) {
  if (requirement.comparison == ">=") return value >= requirement.bound;
  if (requirement.comparison == "<=") return value <= requirement.bound;
  if (requirement.comparison == ">") return value > requirement.bound;
  return value < requirement.bound;
}

}  // namespace

Requirement ParseRequirement(const std::string& text, Scale scale) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::kUsage, "--require " + text + ": " + what);
  };
  const std::size_t at = text.find_first_of("<>");
  if (at == text.npos)
    refuse("has no comparison; expected one as in non0_acc2>=0.83");
  const std::size_t end = at + (text.compare(at + 1, 1, "=") == 0 ? 2 : 1);
  const std::string name = Trimmed(text.substr(0, at));
  const std::vector<MetricIndex>& metrics = MetricsOf(scale);
  const auto metric =
      std::find_if(metrics.begin(), metrics.end(),
                   [&](MetricIndex i) { return kMetricNames[i] == name; });
  if (metric == metrics.end()) {
    std::string names;
    for (const MetricIndex known : metrics)
      names += (names.empty() ? "" : ", ") + std::string(kMetricNames[known]);
    refuse("\"" + name + "\" is no metric; expected one of " + names);
  }
  const std::optional<double> bound = ParseNumber(Trimmed(text.substr(end)));
  if (!bound) refuse("has no number to compare with; expected one as 0.83");
  return {text, *metric, text.substr(at, end - at), *bound};
}

std::string Shortfall(const Metrics& metrics,
                      const std::vector<Requirement>& requirements,
                      Compat compat) {
  std::string line;
  for (const Requirement& requirement : requirements) {
    std::optional<double> value = metrics[requirement.metric];
    if (value) value = AsReported(*value, compat);
    if (value && Holds(*value, requirement)) continue;
    char figure[32] = "undefined";
    if (value) std::snprintf(figure, sizeof figure, "%.6g", *value);
    line += (line.empty() ? "--require " : "; ") + requirement.text +
            ": not met, it is " + figure;
  }
  return line;
}

}  // namespace vsa
