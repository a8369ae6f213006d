#include "output/result.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/figures.h"
#include "base/one_line.h"

namespace vsa {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMillion = 1e6;

// Probabilities in millionths that sum to a million: the largest remainders
// take what rounding down leaves.
template <std::size_t N>
Json Shares(const std::array<double, N>& values,
            const std::array<const char*, N>& names) {
  std::array<long, N> millionths{};
  std::array<std::size_t, N> order{};
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i < N; ++i)
    millionths[i] = static_cast<long>(std::floor(values[i] * kMillion));
  const auto remainder = [&](std::size_t i) {
    return values[i] * kMillion - static_cast<double>(millionths[i]);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return remainder(a) > remainder(b);
                   });
  long left =
      1000000 - std::accumulate(millionths.begin(), millionths.end(), 0L);
  for (std::size_t i = 0; i < N && left > 0; ++i, --left)
    ++millionths[order[i]];
  Json shares = Json::object();
  for (std::size_t i = 0; i < N; ++i)
    shares[names[i]] = static_cast<double>(millionths[i]) / kMillion;
  return shares;
}

// "sentiment" and "emotions", null without a prediction.
void AddPrediction(const std::optional<Prediction>& prediction, Json* to) {
  if (!prediction) {
    (*to)["sentiment"] = nullptr;
    (*to)["emotions"] = nullptr;
    return;
  }
  const auto& p = prediction->sentiment;
  const auto best = static_cast<std::size_t>(
      std::max_element(p.begin(), p.end()) - p.begin());
  (*to)["sentiment"] = {{"label", kSentiments[best]},
                        {"probabilities", Shares(p, kSentiments)},
                        {"intensity", Rounded(prediction->intensity)}};
  (*to)["emotions"] = Shares(prediction->emotions, kEmotions);
}

Json PartOf(const ModalityPart& part) {
  Json json;
  AddPrediction(part.alone, &json);
  json["changed"] = {{"probability", Rounded(part.probability)},
                     {"intensity", Rounded(part.intensity)}};
  return json;
}

// Offsets of words count code points, as Python's do.
Json ExplanationOf(const Explanation& explanation, const std::string& text,
                   const std::vector<Modality>& modalities) {
  Json json = {{"method", "leave-one-out"}};
  for (std::size_t i = 0; i < modalities.size(); ++i)
    json[modalities[i].key] = PartOf(explanation.parts.at(i));
  json["words"] = Json::array();
  json["faces"] = Json::array();
  std::size_t bytes = 0, points = 0;
  const auto points_to = [&](std::size_t end) {
    for (; bytes < end; ++bytes)
      points += (static_cast<unsigned char>(text[bytes]) & 0xC0) != 0x80;
    return points;
  };
  for (const WordScore& word : explanation.words) {
    const std::size_t begin = points_to(word.begin);
    json["words"].push_back(
        {{"word", text.substr(word.begin, word.end - word.begin)},
         {"start", begin},
         {"end", points_to(word.end)},
         {"score", Rounded(word.score)}});
  }
  for (const auto& [face, score] : explanation.faces) {
    json["faces"].push_back({{"time", SecondsOf(face.time)},
                             {"box",
                              {Rounded(face.x), Rounded(face.y),
                               Rounded(face.width), Rounded(face.height)}},
                             {"score", Rounded(score)}});
  }
  return json;
}

Json ToJson(const ModelName& model) {
  return {{"name", model.name},
          {"version", model.version},
          {"sha256", model.sha256},
          {"dtype", model.dtype}};
}

Json ToJson(const AudienceWindow& window) {
  Json json = {{"start", SecondsOf(window.start)},
               {"end", SecondsOf(window.end)},
               {"comments", window.comments}};
  AddPrediction(window.prediction, &json);
  return json;
}

Json ToJson(const Audience& audience) {
  Json json = {{"path", audience.path},
               {"encoding", audience.encoding},
               {"comments", audience.comments}};
  if (audience.model) json["model"] = ToJson(*audience.model);
  AddPrediction(audience.whole, &json);
  json["windows"] = Json::array();
  for (const AudienceWindow& window : audience.windows)
    json["windows"].push_back(ToJson(window));
  json["moments"] = Json::array();
  for (const std::size_t place : audience.moments)
    json["moments"].push_back(ToJson(audience.windows[place]));
  return json;
}

Json PresenceOf(const std::vector<bool>& present,
                const std::vector<Modality>& modalities) {
  Json json = Json::object();
  for (std::size_t i = 0; i < modalities.size(); ++i)
    json[modalities[i].key] = static_cast<bool>(present.at(i));
  return json;
}

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json IdOf(const std::optional<std::string>& id) {
  return id ? Json(*id) : Json();
}

// What every result starts with.
Json Head(const std::optional<std::string>& id,
          const std::optional<std::string>& date, const ResultFormat& format) {
  Json head = {{"schema", kResultSchema}, {"id", IdOf(id)}};
  if (date) head["date"] = *date;
  if (format.mark) {
    head["item"] = format.mark->item;
    head["key"] = format.mark->key;
  }
  return head;
}

Json Stats(const StageSeconds& seconds) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {{"seconds",
           {{"total", Rounded(seconds.total)},
            {"hear", Rounded(seconds.hear)},
            {"decode", Rounded(seconds.decode)},
            {"crop", Rounded(seconds.crop)},
            {"encode_frames", Rounded(seconds.encode_frames)},
            {"encode_text", Rounded(seconds.encode_text)},
            {"fuse", Rounded(seconds.fuse)},
            {"explain", Rounded(seconds.explain)}}},
          {"peak_rss_bytes", usage.ru_maxrss * 1024LL}};
}

std::string Dump(const Json& json, const ResultFormat& format) {
  return json.dump(format.pretty ? 2 : -1, ' ', false,
                   Json::error_handler_t::replace) +
         "\n";
}

// Of a file of sound alone there is no width or height.
Json SideOrNull(int side) { return side > 0 ? Json(side) : Json(); }

}  // namespace

std::string FormatResult(const Analysis& analysis, const ResultFormat& format) {
  Json json = Head(analysis.id, analysis.date, format);
  json["video"] = {{"path", analysis.video},
                   {"duration", analysis.info.duration
                                    ? Json(SecondsOf(*analysis.info.duration))
                                    : Json()},
                   {"width", SideOrNull(analysis.info.width)},
                   {"height", SideOrNull(analysis.info.height)},
                   {"frame_rate", analysis.info.frame_rate
                                      ? Json(Rounded(*analysis.info.frame_rate))
                                      : Json()},
                   {"frames", analysis.keyframes ? "keyframes" : "every"},
                   {"frames_sampled", analysis.frames_sampled}};
  json["subtitles"] = {{"path", TextOrNull(analysis.subtitle_path)},
                       {"source", analysis.subtitle_source},
                       {"format", TextOrNull(analysis.subtitle_format)},
                       {"encoding", TextOrNull(analysis.subtitle_encoding)},
                       {"cues", analysis.cues}};
  if (analysis.subtitle_track) {
    json["subtitles"]["track"] = *analysis.subtitle_track;
    json["subtitles"]["language"] = TextOrNull(analysis.subtitle_language);
  }
  if (const auto& speech = analysis.speech) {
    json["speech"] = {{"language", speech->language},
                      {"probability", Rounded(speech->probability)},
                      {"seconds", SecondsOf(speech->length)},
                      {"model",
                       {{"name", speech->model.name},
                        {"version", speech->model.version},
                        {"sha256", speech->model.sha256}}}};
  }
  json["model"] = ToJson(analysis.model);
  json["modalities"] = PresenceOf(analysis.present, analysis.modalities);
  AddPrediction(analysis.whole, &json);
  json["segments"] = Json::array();
  for (const SegmentVerdict& verdict : analysis.segments) {
    Json segment = {
        {"start", SecondsOf(verdict.segment.start)},
        {"end", SecondsOf(verdict.segment.end)},
        {"text", verdict.segment.text},
        {"frames", verdict.frames},
        {"faces", verdict.faces},
        {"modalities", PresenceOf(verdict.present, analysis.modalities)}};
    if (verdict.confidence)
      segment["confidence"] = Rounded(*verdict.confidence);
    AddPrediction(verdict.prediction, &segment);
    if (verdict.explanation)
      segment["explanation"] = ExplanationOf(
          *verdict.explanation, verdict.segment.text, analysis.modalities);
    json["segments"].push_back(std::move(segment));
  }
  if (analysis.audience) json["audience"] = ToJson(*analysis.audience);
  json["warnings"] = Json::array();
  for (const Warning& warning : analysis.warnings) {
    json["warnings"].push_back(
        {{"code", warning.code}, {"message", OneLine(warning.message)}});
  }
  if (format.stats) json["stats"] = Stats(analysis.seconds);
  return Dump(json, format);
}

std::string FormatFailure(const Item& item, const Error& error,
                          const ResultFormat& format) {
  const char* kind =
      error.kind() == ErrorKind::kInternal ? "internal" : "input";
  Json json = Head(item.id, item.date, format);
  json["video"] = {{"path", item.video}};
  json["error"] = {{"kind", kind}, {"message", OneLine(error.what())}};
  return Dump(json, format);
}

}  // namespace vsa
