#include "evaluation/evaluation.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "vsa/types.h"

namespace vsa {
namespace {

using Json = nlohmann::ordered_json;

const char* NameOf(Compat compat) {
  switch (compat) {
    case Compat::kMmsa:
      return "mmsa";
    case Compat::kMult:
      return "mult";
    case Compat::kMag:
      return "mag";
  }
  return "";
}

const char* NameOf(Scale scale) {
  return scale == Scale::kSims ? "sims" : "mosi";
}

struct Rule {
  const char* name;
  std::string text;
};

// What the figures cannot be compared without.
std::vector<Rule> RulesOf(const Evaluation& evaluation) {
  const std::string intervals = "95 %, " + std::to_string(kDraws) +
                                " bootstrap samples, seed " +
                                std::to_string(kSeed);
  if (evaluation.rules.scale == Scale::kSims) {
    return {{"scale",
             "-1 to 1, labels and scores clipped to it; of a bundle's "
             "intensity a third"},
            {"neutral_truth", "-0.1 < label <= 0.1"},
            {"predicted_class", "neutral where -0.1 < score <= 0.1"},
            {"acc2", "score > 0, label > 0"},
            {"f1", "weighted by the labels of a class"},
            {"no_evidence", "score 0"},
            {"intervals", intervals},
            {"rounding", "4 decimals"}};
  }
  const Compat compat = evaluation.rules.compat;
  const bool half = evaluation.rules.neutral == NeutralRule::kHalf;
  std::string class_rule = "most probable class";
  if (!evaluation.by_probabilities)
    class_rule = half ? "neutral where |score| <= 0.5, else its sign"
                      : "neutral where score = 0, else its sign";
  const char* acc2 =
      compat == Compat::kMmsa
          ? "has0: score >= 0, label >= 0; non0: labels of 0 left out, "
            "score > 0"
      : compat == Compat::kMult
          ? "has0: score > 0, label > 0; non0: the same, labels of 0 left out"
          : "score >= 0; labels of 0 left out of every metric";
  return {
      {"neutral_truth", half ? "|label| <= 0.5" : "label = 0"},
      {"predicted_class", class_rule},
      {"acc2", acc2},
      {"f1", compat == Compat::kMult ? "weighted by the predictions of a class"
                                     : "weighted by the labels of a class"},
      {"no_evidence", "score 0, neutral; left out of ece"},
      {"intervals", intervals},
      {"rounding", compat == Compat::kMmsa ? "4 decimals" : "none"},
  };
}

std::string AsJson(const Evaluation& evaluation) {
  const Compat compat = evaluation.rules.compat;
  const auto or_null = [](const auto& value) {
    return value ? Json(*value) : Json();
  };
  Json json;
  json["schema"] = "vsa.metrics/1";
  json["labels"] = evaluation.labels;
  json["split"] = evaluation.split;
  json["n"] = evaluation.n;
  json["compat"] = NameOf(compat);
  json["scale"] = NameOf(evaluation.rules.scale);
  json["model"] = nullptr;
  if (const auto& model = evaluation.model)
    json["model"] = {{"name", model->name},
                     {"version", model->version},
                     {"sha256", model->sha256},
                     {"dtype", model->dtype}};
  json["clips"] = {{"text", or_null(evaluation.text)},
                   {"pictures", or_null(evaluation.pictures)},
                   {"no_evidence", evaluation.no_evidence},
                   {"failed", evaluation.failed},
                   {"without_video", or_null(evaluation.without_video)}};
  for (const Rule& rule : RulesOf(evaluation))
    json["rules"][rule.name] = rule.text;
  for (const MetricIndex i : MetricsOf(evaluation.rules.scale)) {
    const char* name = kMetricNames[i];
    json["metrics"][name] = nullptr;
    json["intervals"][name] = nullptr;
    if (const auto& value = evaluation.metrics[i])
      json["metrics"][name] = AsReported(*value, compat);
    if (const auto& interval = evaluation.intervals[i])
      json["intervals"][name] = {AsReported(interval->first, compat),
                                 AsReported(interval->second, compat)};
  }
  json["confusion"] = evaluation.confusion;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string CountOf(const std::optional<int>& count) {
  return count ? std::to_string(*count) : "not known";
}

// "686 clips of split test of label.csv: …", the line above the figures.
std::string Summary(const Evaluation& evaluation) {
  std::string text =
      std::to_string(evaluation.n) + (evaluation.n == 1 ? " clip" : " clips") +
      " of split " + evaluation.split + " of " + evaluation.labels +
      " (with text: " + CountOf(evaluation.text) +
      ", with pictures: " + CountOf(evaluation.pictures) +
      ", without evidence: " + std::to_string(evaluation.no_evidence) +
      ", failed: " + std::to_string(evaluation.failed);
  if (evaluation.without_video)
    text += ", without a video: " + std::to_string(*evaluation.without_video);
  return text + ")";
}

std::string ModelLine(const Evaluation& evaluation) {
  if (!evaluation.model) return "not known";
  return evaluation.model->name + " " + evaluation.model->version + ", " +
         evaluation.model->dtype + ", SHA-256 " + evaluation.model->sha256;
}

struct Row {
  std::string name, value, interval;
};

std::vector<Row> Rows(const Evaluation& evaluation) {
  const Compat compat = evaluation.rules.compat;
  std::vector<Row> rows;
  for (const MetricIndex i : MetricsOf(evaluation.rules.scale)) {
    Row row{kMetricNames[i], FigureOf(evaluation.metrics[i], compat), ""};
    if (const auto& interval = evaluation.intervals[i])
      row.interval = FigureOf(interval->first, compat) + " to " +
                     FigureOf(interval->second, compat);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string PaddedLeft(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string Table(const Evaluation& evaluation) {
  constexpr std::size_t kName = 24, kFigure = 10;
  std::string text =
      Summary(evaluation) + "\nmodel: " + ModelLine(evaluation) + "\n\n" +
      Padded("compat " + std::string(NameOf(evaluation.rules.compat)), kName) +
      PaddedLeft("value", kFigure) + "  95 % interval\n";
  for (const Row& row : Rows(evaluation)) {
    text += Padded(row.name, kName) + PaddedLeft(row.value, kFigure) +
            (row.interval.empty() ? "" : "  " + row.interval) + "\n";
  }
  text += "\n" + Padded("truth \\ predicted", kName);
  for (const char* name : kSentiments) text += PaddedLeft(name, kFigure);
  text += "\n";
  for (int truth = 0; truth < 3; ++truth) {
    text += Padded(kSentiments[truth], kName);
    for (const int count : evaluation.confusion[truth])
      text += PaddedLeft(std::to_string(count), kFigure);
    text += "\n";
  }
  text += "\n";
  for (const Rule& rule : RulesOf(evaluation))
    text += Padded(rule.name, kName) + rule.text + "\n";
  return text;
}

// A bar would begin a new cell.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? "\\|" : std::string(1, c);
  return cell;
}

std::string Markdown(const Evaluation& evaluation) {
  std::string text = Cell(Summary(evaluation)) +
                     ".\nModel: " + Cell(ModelLine(evaluation)) + ".\n\n| " +
                     NameOf(evaluation.rules.compat) +
                     " | value | 95 % interval |\n|---|---|---|\n";
  for (const Row& row : Rows(evaluation))
    text += "| " + row.name + " | " + row.value + " | " + row.interval + " |\n";
  text += "\n| truth \\ predicted |";
  for (const char* name : kSentiments) text += std::string(" ") + name + " |";
  text += "\n|---|---|---|---|\n";
  for (int truth = 0; truth < 3; ++truth) {
    text += std::string("| ") + kSentiments[truth] + " |";
    for (const int count : evaluation.confusion[truth])
      text += " " + std::to_string(count) + " |";
    text += "\n";
  }
  text += "\n| rule | |\n|---|---|\n";
  for (const Rule& rule : RulesOf(evaluation))
    text += std::string("| ") + rule.name + " | " + Cell(rule.text) + " |\n";
  return text;
}

// None if it is not known of any.
template <typename Member>
std::optional<int> CountKnown(const std::vector<ClipPrediction>& predictions,
                              Member member) {
  int count = 0;
  for (const ClipPrediction& prediction : predictions) {
    if (!(prediction.*member)) return std::nullopt;
    count += *(prediction.*member);
  }
  return count;
}

}  // namespace

Evaluation Evaluate(const std::vector<LabelledClip>& clips,
                    const std::vector<ClipPrediction>& predictions,
                    const MetricRules& rules) {
  Evaluation evaluation;
  evaluation.rules = rules;
  evaluation.n = static_cast<int>(clips.size());
  evaluation.text = CountKnown(predictions, &ClipPrediction::text);
  evaluation.pictures = CountKnown(predictions, &ClipPrediction::pictures);
  std::vector<ScoredClip> scored;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const ClipPrediction& prediction = predictions[i];
    evaluation.failed += prediction.failed;
    evaluation.no_evidence += !prediction.failed && !prediction.has_evidence();
    scored.push_back({clips[i].label, prediction.score,
                      prediction.probabilities, prediction.has_evidence()});
  }
  evaluation.by_probabilities = rules.scale == Scale::kMosi &&
                                !predictions.empty() &&
                                predictions.front().probabilities.has_value();
  evaluation.metrics = ComputeMetrics(scored, rules);
  evaluation.intervals = BootstrapIntervals(scored, rules);
  evaluation.confusion = ConfusionMatrix(scored, rules);
  return evaluation;
}

std::string FigureOf(const std::optional<double>& value, Compat compat) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", AsReported(*value, compat));
  return text;
}

std::string FormatEvaluation(const Evaluation& evaluation,
                             const std::string& format) {
  if (format == "json") return AsJson(evaluation);
  return format == "markdown" ? Markdown(evaluation) : Table(evaluation);
}

}  // namespace vsa
