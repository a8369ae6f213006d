// The JSON of whisper and its kin, in seconds: "segments" of openai-whisper,
// whisperX and faster-whisper's servers, or "words" where OpenAI gives no
// segments; a bare list of such, also with a "duration" as of
// youtube-transcript-api; "chunks" of Hugging Face. "transcription" of
// whisper.cpp is in milliseconds. Words and speakers within them say nothing
// more.
#include <string>
#include <utility>

#include "subtitle/clock_time.h"
#include "subtitle/formats.h"
#include "subtitle/json_cues.h"

namespace vsa {
namespace {

bool Recognise(const SubtitleText& file, size_t line) {
  if (line != 0) return false;
  const auto has = [&file](std::initializer_list<std::string_view> keys) {
    return LooksLikeJsonWith(file, keys);
  };
  const bool list = FirstSign(file) == '[';
  return has({"transcription", "offsets", "text"}) ||
         has({"transcription", "timestamps", "text"}) ||
         has({"chunks", "timestamp", "text"}) ||
         has({"words", "word", "start", "end", "text"}) ||
         (list && has({"start", "duration", "text"})) ||
         (has({"start", "end", "text"}) && (list || has({"segments"})));
}

// A time in milliseconds; null if `clock`, "00:00:02,000", is none.
Json Milliseconds(const Json& clock) {
  if (!clock.is_string()) return {};
  std::string_view text = clock.get_ref<const std::string&>();
  const std::optional<Time> time = TakeTime(&text);
  return time && text.empty() ? Json(time->count() / 1e3) : Json();
}

// The end of `segment` where it is named, or else by its length.
Json EndOf(const Json& segment) {
  const Json& start = Get(segment, "start");
  const Json& length = Get(segment, "duration");
  if (segment.contains("end") || !start.is_number() || !length.is_number())
    return Get(segment, "end");
  return start.get<double>() + length.get<double>();
}

// "[0.0, 2.5]". The last end may be missing.
std::pair<Json, Json> TimesOfChunk(const Json& times) {
  constexpr double kLongestOpen = 10;  // seconds
  if (!times.is_array() || times.size() != 2) return {};
  if (!times[1].is_null() || !times[0].is_number()) return {times[0], times[1]};
  return {times[0], times[0].get<double>() + kLongestOpen};
}

RawSubtitles Parse(const SubtitleText& file) {
  const Json json = JsonOf(file, "whisper's JSON");
  RawSubtitles out;
  size_t i = 0;
  for (const Json& part : Get(json, "transcription")) {
    const std::string name = "transcription[" + std::to_string(i++) + "]";
    const Json& offsets = Get(part, "offsets");
    const Json& clocks = Get(part, "timestamps");
    if (offsets.is_null()) {
      AddJsonCue(file, name, Milliseconds(Get(clocks, "from")),
                 Milliseconds(Get(clocks, "to")), 1e3, Get(part, "text"), &out);
    } else {
      AddJsonCue(file, name, Get(offsets, "from"), Get(offsets, "to"), 1e3,
                 Get(part, "text"), &out);
    }
  }
  for (const Json& chunk : Get(json, "chunks")) {
    const auto [start, end] = TimesOfChunk(Get(chunk, "timestamp"));
    AddJsonCue(file, "chunks[" + std::to_string(i++) + "]", start, end, 1e6,
               Get(chunk, "text"), &out);
  }
  const Json& segments = json.is_array() ? json : Get(json, "segments");
  for (const Json& segment : segments) {
    AddJsonCue(file, "segments[" + std::to_string(i++) + "]",
               Get(segment, "start"), EndOf(segment), 1e6, Get(segment, "text"),
               &out);
  }
  if (segments.empty()) {
    for (const Json& word : Get(json, "words")) {
      AddJsonCue(file, "words[" + std::to_string(i++) + "]", Get(word, "start"),
                 Get(word, "end"), 1e6, Get(word, "word"), &out);
    }
  }
  return out;
}

}  // namespace

// No sidecar: all kinds of JSON lie beside videos.
SubtitleFormat WhisperJsonFormat() {
  return {"whisper_json", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
