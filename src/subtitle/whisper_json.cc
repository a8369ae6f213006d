// The JSON of whisper and its kin: "segments" of openai-whisper, whisperX and
// faster-whisper's servers, in seconds; a bare list of such; "transcription" of
// whisper.cpp, in milliseconds. Words and speakers within them say nothing
// more.
#include "base/ascii.h"
#include "subtitle/formats.h"
#include "subtitle/json_cues.h"

namespace vsa {
namespace {

bool Recognise(const SubtitleText& file, size_t line) {
  if (line != 0) return false;
  const bool list = Trim(file.text).substr(0, 1) == "[";
  return LooksLikeJsonWith(file, {"transcription", "offsets", "text"}) ||
         (LooksLikeJsonWith(file, {"start", "end", "text"}) &&
          (list || LooksLikeJsonWith(file, {"segments"})));
}

RawSubtitles Parse(const SubtitleText& file) {
  const Json json = JsonOf(file, "whisper's JSON");
  RawSubtitles out;
  size_t i = 0;
  for (const Json& part : Get(json, "transcription")) {
    const Json& offsets = Get(part, "offsets");
    AddJsonCue(file, "transcription[" + std::to_string(i++) + "]",
               Get(offsets, "from"), Get(offsets, "to"), 1e3, Get(part, "text"),
               &out);
  }
  for (const Json& segment : json.is_array() ? json : Get(json, "segments")) {
    AddJsonCue(file, "segments[" + std::to_string(i++) + "]",
               Get(segment, "start"), Get(segment, "end"), 1e6,
               Get(segment, "text"), &out);
  }
  return out;
}

}  // namespace

// No sidecar: all kinds of JSON lie beside videos.
SubtitleFormat WhisperJsonFormat() {
  return {"whisper_json", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
