#include "evaluation/predictions.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "analysis/result_line.h"
#include "base/byte_order_mark.h"
#include "base/csv_table.h"
#include "base/file.h"
#include "base/parse_number.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using Json = nlohmann::json;

// A line or row of a file of predictions.
struct Entry {
  int line = 0;
  ClipPrediction prediction;
  std::optional<ModelName> model;
};

class Entries {
 public:
  explicit Entries(const std::string& path) : path_(path) {}

  void Add(const std::string& id, Entry entry) {
    const int line = entry.line;
    const auto [first, is_new] = by_id_.emplace(id, std::move(entry));
    if (!is_new)
      Refuse(line, "has " + id + " again; expected it once, in line " +
                       std::to_string(first->second.line));
  }

  [[noreturn]] void Refuse(int line, const std::string& what) const {
    throw Error(ErrorKind::kUsage,
                path_ + ":" + std::to_string(line) + ": " + what);
  }

  Predictions Of(const std::vector<LabelledClip>& clips) const {
    Predictions predictions;
    bool same_model = true;
    for (const LabelledClip& clip : clips) {
      const auto found = by_id_.find(clip.id());
      if (found == by_id_.end())
        throw Error(ErrorKind::kUsage,
                    path_ + ": has no prediction of " + clip.id() +
                        "; expected one for each labelled clip of the split");
      const Entry& entry = found->second;
      predictions.clips.push_back(entry.prediction);
      if (!entry.model) continue;  // a failure names none
      if (!predictions.model) predictions.model = entry.model;
      same_model = same_model &&
                   entry.model->sha256 == predictions.model->sha256 &&
                   entry.model->dtype == predictions.model->dtype;
    }
    if (!same_model) predictions.model.reset();
    return predictions;
  }

 private:
  const std::string path_;
  std::unordered_map<std::string, Entry> by_id_;
};

constexpr char kScores[] = "video_id,clip_id,score";
constexpr char kScoresAndClasses[] =
    "video_id,clip_id,score,negative,neutral,positive";

// The fewest digits that read back as the same number.
template <typename Number>
std::string Shortest(Number value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

constexpr double kSumTolerance = 0.01;

bool AreProbabilities(const std::array<double, 3>& p) {
  for (const double one : p) {
    if (!(one >= 0 && one <= 1)) return false;
  }
  return std::abs(p[0] + p[1] + p[2] - 1) <= kSumTolerance;
}

bool IsScore(double value) { return std::isfinite(static_cast<float>(value)); }

void AddCsv(const CsvTable& table, Entries* entries) {
  const std::size_t video_id = table.Column("video_id"),
                    clip_id = table.Column("clip_id"),
                    score = table.Column("score");
  std::optional<std::array<std::size_t, 3>> classes;
  if (table.Find("negative") || table.Find("neutral") ||
      table.Find("positive")) {
    classes = {table.Column("negative"), table.Column("neutral"),
               table.Column("positive")};
  }
  for (const CsvRow& row : table.rows) {
    const std::string& cell = row.cells[score];
    const std::optional<double> value = ParseNumber(cell);
    if (!value || !IsScore(*value))
      entries->Refuse(
          row.line, "the score is \"" + cell + "\"; expected a finite number");
    Entry entry;
    entry.line = row.line;
    entry.prediction.score = static_cast<float>(*value);
    if (classes) {
      std::array<double, 3> p{};
      for (std::size_t c = 0; c < 3; ++c)
        p[c] = ParseNumber(row.cells[(*classes)[c]]).value_or(-1);
      if (!AreProbabilities(p))
        entries->Refuse(row.line,
                        "negative, neutral and positive are no probabilities; "
                        "expected numbers from 0 to 1 that sum to 1");
      entry.prediction.probabilities = p;
    }
    entries->Add(row.cells[video_id] + "/" + row.cells[clip_id],
                 std::move(entry));
  }
}

ClipPrediction PredictionOf(const Json& result, Scale scale) {
  if (result.contains("error")) return NoPrediction(/*failed=*/true);
  const Json& sentiment = result.at("sentiment");
  if (sentiment.is_null()) return NoPrediction(/*failed=*/false);
  ClipPrediction prediction;
  prediction.score = ScoreOf(sentiment.at("intensity").get<float>(), scale);
  const Json& p = sentiment.at("probabilities");
  prediction.probabilities = {p.at("negative").get<double>(),
                              p.at("neutral").get<double>(),
                              p.at("positive").get<double>()};
  prediction.text = result.at("modalities").at("text").get<bool>();
  prediction.pictures = result.at("modalities").at("visual").get<bool>();
  return prediction;
}

std::optional<ModelName> ModelOf(const Json& result) {
  if (result.contains("error")) return std::nullopt;
  const Json& model = result.at("model");
  return ModelName{model.at("name").get<std::string>(),
                   model.at("version").get<std::string>(),
                   model.at("sha256").get<std::string>(),
                   model.at("dtype").get<std::string>()};
}

void AddResult(int line, const std::string& text, Scale scale,
               Entries* entries) {
  if (!IsResult(text))
    entries->Refuse(line, "is no result of vsa; expected a line of vsa batch");
  const Json result = Json::parse(text);
  if (!result.contains("id") || !result["id"].is_string())
    entries->Refuse(line, "has no id; expected video_id/clip_id");
  Entry entry;
  entry.line = line;
  try {
    entry.prediction = PredictionOf(result, scale);
    entry.model = ModelOf(result);
  } catch (const Json::exception&) {
    entries->Refuse(line,
                    "lacks a key of a result of vsa; expected one as "
                    "docs/result.schema.json has it");
  }
  if (entry.prediction.probabilities &&
      (!IsScore(entry.prediction.score) ||
       !AreProbabilities(*entry.prediction.probabilities)))
    entries->Refuse(line,
                    "its sentiment is out of range; expected "
                    "probabilities and an intensity");
  entries->Add(result["id"].get<std::string>(), std::move(entry));
}

void AddResults(std::string_view bytes, Scale scale, Entries* entries) {
  for (int line = 1; !bytes.empty(); ++line) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string text(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (text.find_first_not_of(" \t\r") != text.npos)
      AddResult(line, text, scale, entries);
  }
}

}  // namespace

ClipPrediction NoPrediction(bool failed) {
  ClipPrediction none;
  none.probabilities = {0, 1, 0};
  none.text = none.pictures = false;
  none.failed = failed;
  return none;
}

Predictions ReadPredictions(const std::string& path,
                            const std::vector<LabelledClip>& clips,
                            Scale scale) {
  Entries entries(path);
  const std::string bytes(
      WithoutByteOrderMark(ReadFile(path, ErrorKind::kUsage)));
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != bytes.npos && bytes[first] == '{') {
    AddResults(bytes, scale, &entries);
  } else {
    AddCsv(ParseCsv(path, bytes), &entries);
  }
  return entries.Of(clips);
}

std::string FormatPredictions(const std::vector<LabelledClip>& clips,
                              const std::vector<ClipPrediction>& predictions) {
  // Of one set of clips either all have probabilities or none.
  const bool classes =
      !predictions.empty() && predictions.front().probabilities.has_value();
  std::string csv = classes ? kScoresAndClasses : kScores;
  csv += "\n";
  for (std::size_t i = 0; i < clips.size(); ++i) {
    csv += CsvCell(clips[i].video_id) + "," + CsvCell(clips[i].clip_id) + "," +
           Shortest(predictions[i].score);
    if (classes) {
      for (const double p : *predictions[i].probabilities)
        csv += "," + Shortest(p);
    }
    csv += "\n";
  }
  return csv;
}

bool IsPredictions(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(sizeof kScoresAndClasses, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  const std::string header = start.substr(0, start.find('\n'));
  return header == kScores || header == kScoresAndClasses;
}

float ScoreOf(float intensity, Scale scale) {
  return scale == Scale::kSims ? intensity / 3 : intensity;
}

}  // namespace vsa
