// BCC, Bilibili's own subtitles: JSON with a "body" of captions, in seconds, by
// itself or as the "data" of an answer.
#include "subtitle/formats.h"
#include "subtitle/json_cues.h"

namespace vsa {
namespace {

bool Recognise(const SubtitleText& file, size_t line) {
  return line == 0 &&
         LooksLikeJsonWith(file, {"body", "from", "to", "content"});
}

RawSubtitles Parse(const SubtitleText& file) {
  const Json json = JsonOf(file, "Bilibili's BCC");
  RawSubtitles out;
  size_t i = 0;
  const Json& whole = json.contains("body") ? json : Get(json, "data");
  for (const Json& part : Get(whole, "body")) {
    AddJsonCue(file, "body[" + std::to_string(i++) + "]", Get(part, "from"),
               Get(part, "to"), 1e6, Get(part, "content"), &out);
  }
  return out;
}

}  // namespace

// No sidecar: all kinds of JSON lie beside videos.
SubtitleFormat BccFormat() {
  return {"bcc", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
