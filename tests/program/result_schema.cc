#include "tests/program/result_schema.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace vsa {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

// `name` is that of a schema in docs/.
std::string FaultBySchema(const json& result, const std::string& name) {
  const json document =
      json::parse(std::ifstream(std::string(VSA_SOURCE_DIR "/docs/") + name));
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(NlohmannJsonAdapter(document),
                                          schema);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(schema, NlohmannJsonAdapter(result),
                                     &results))
    return "";
  std::string fault;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& part : error.context) fault += part;
    fault += ": " + error.description + "\n";
  }
  return fault;
}

std::string FaultOfShares(const json& shares) {
  double sum = 0;
  for (const json& share : shares) sum += share.get<double>();
  return std::abs(sum - 1) <= 1e-6
             ? ""
             : "sums to " + std::to_string(sum) + ": " + shares.dump();
}

// Words have a confidence where they were heard, and there alone.
std::string FaultOfSpeech(const json& result) {
  const bool heard = result["subtitles"]["source"] == "speech";
  if (heard != result.contains("speech"))
    return "speech and the source of the words differ\n";
  if (heard && !result["subtitles"]["path"].is_null())
    return "speech has a path\n";
  for (const json& segment : result["segments"]) {
    if (segment.contains("confidence") != (heard && segment["text"] != ""))
      return "words without confidence, or confidence without words heard\n";
  }
  return "";
}

std::string FaultOfVerdict(const json& part) {
  if (part["sentiment"].is_null() != part["emotions"].is_null())
    return "sentiment and emotions differ in being null";
  bool evidence = false;
  for (const json& present : part["modalities"])
    evidence = evidence || present.get<bool>();
  if (part["sentiment"].is_null() == evidence)
    return "a verdict without evidence, or none with it";
  if (!evidence) return "";
  const std::string fault = FaultOfShares(part["sentiment"]["probabilities"]) +
                            FaultOfShares(part["emotions"]);
  if (!fault.empty()) return fault;
  const json& probabilities = part["sentiment"]["probabilities"];
  for (const json& probability : probabilities) {
    if (probability >
        probabilities[part["sentiment"]["label"].get<std::string>()])
      return "the label is not the most probable class";
  }
  return "";
}

}  // namespace

std::string FaultOfResult(const std::string& text) {
  if (text.empty() || text.back() != '\n') return "does not end with a newline";
  const json result = json::parse(text, nullptr, false);
  if (result.is_discarded()) return "is not one JSON value";
  std::string fault = FaultBySchema(result, "result.schema.json");
  if (!fault.empty() || result.contains("error")) return fault;
  fault = FaultOfVerdict(result) + FaultOfSpeech(result);
  double last = -1;
  int frames = 0;
  for (const json& segment : result["segments"]) {
    const double start = segment["start"], end = segment["end"];
    if (end <= start) fault += "a segment ends before it starts\n";
    if (last >= 0 && start < last - 1e-9) fault += "segments overlap\n";
    // Gaps are allowed between cues after the pictures alone.
    if (last >= 0 && start > last + 1e-9 && segment["frames"] != 0)
      fault += "segments leave a gap\n";
    last = end;
    frames += segment["frames"].get<int>();
    fault += FaultOfVerdict(segment);
  }
  // Between two keyframes several segments share the nearest one.
  if (result["video"]["frames"] == "every" &&
      frames != result["video"]["frames_sampled"])
    fault += "frames belong to no segment\n";
  return fault;
}

std::string FaultOfLines(const std::string& text, const std::string& schema) {
  if (!text.empty() && text.back() != '\n')
    return "does not end with a newline";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const json value = json::parse(line, nullptr, false);
    if (value.is_discarded()) return "is not one JSON value: " + line;
    const std::string fault = FaultBySchema(value, schema + ".schema.json");
    if (!fault.empty()) return fault + line;
  }
  return "";
}

std::vector<json> ResultsOf(const std::string& lines) {
  std::vector<json> results;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    EXPECT_EQ(FaultOfResult(line + "\n"), "");
    results.push_back(json::parse(line, nullptr, false));
  }
  return results;
}

std::string FaultOfMetrics(const std::string& text) {
  if (text.empty() || text.back() != '\n') return "does not end with a newline";
  const json metrics = json::parse(text, nullptr, false);
  if (metrics.is_discarded()) return "is not one JSON value";
  std::string fault = FaultBySchema(metrics, "metrics.schema.json");
  if (!fault.empty()) return fault;
  for (const auto& [name, interval] : metrics["intervals"].items()) {
    if (interval.is_null()) continue;
    if (metrics["metrics"][name].is_null())
      fault += name + " has an interval but no figure\n";
    if (interval[0] > interval[1]) fault += name + ": a reversed interval\n";
  }
  return fault;
}

}  // namespace vsa
