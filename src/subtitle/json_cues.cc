#include "subtitle/json_cues.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "subtitle/cue_text.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kLatest = 1e15;  // microseconds
// Recognisers of speech give single words no length.
constexpr Time kShortest = std::chrono::milliseconds(1);

std::optional<Time> TimeOf(const Json& json, double unit) {
  if (!json.is_number()) return std::nullopt;
  const double micros = json.get<double>() * unit;
  if (!(micros >= 0 && micros <= kLatest)) return std::nullopt;
  return Time(std::llround(micros));
}

}  // namespace

bool LooksLikeJsonWith(const SubtitleText& file,
                       std::initializer_list<std::string_view> keys) {
  const std::string_view text = file.text;
  if (FirstSign(file) != '{' && FirstSign(file) != '[') return false;
  return std::all_of(keys.begin(), keys.end(), [text](std::string_view key) {
    return text.find("\"" + std::string(key) + "\"") != std::string_view::npos;
  });
}

char FirstSign(const SubtitleText& file) {
  const size_t first = file.text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? '\0' : file.text[first];
}

Json JsonOf(const SubtitleText& file, const std::string& title) {
  std::optional<Json> json = ParseJson(file.text);
  if (json) return *std::move(json);
  throw Error(ErrorKind::kInput, file.path + ": is " + title +
                                     ", but damaged or cut short; expected "
                                     "JSON");
}

const Json& Get(const Json& object, const char* key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

void AddJsonCue(const SubtitleText& file, const std::string& name,
                const Json& start, const Json& end, double unit,
                const Json& said, RawSubtitles* out) {
  const std::optional<Time> start_time = TimeOf(start, unit);
  const std::optional<Time> end_time = TimeOf(end, unit);
  if (!start_time || !end_time || *end_time < *start_time ||
      !said.is_string()) {
    out->warnings.push_back(
        {"subtitle_block_skipped",
         file.path + ": " + name +
             ": expected a start, an end after it and text: skipped"});
    return;
  }
  const std::string& text = said.get_ref<const std::string&>();
  RawCue cue;
  cue.start = *start_time;
  cue.end = std::max(*end_time, *start_time + kShortest);
  cue.lines = CleanLines(text, Markup::kHtml);
  cue.line = 1;  // where the JSON begins
  cue.starts_word = !text.empty() && text.front() == ' ';
  out->cues.push_back(std::move(cue));
}

}  // namespace vsa
