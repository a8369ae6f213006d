// YouTube's json3: "events" of pieces of text, in milliseconds.
#include "subtitle/formats.h"
#include "subtitle/json_cues.h"

namespace vsa {
namespace {

bool Recognise(const SubtitleText& file, size_t line) {
  return line == 0 && LooksLikeJsonWith(file, {"events", "tStartMs"});
}

RawSubtitles Parse(const SubtitleText& file) {
  const Json json = JsonOf(file, "YouTube's json3");
  RawSubtitles out;
  size_t i = 0;
  for (const Json& event : Get(json, "events")) {
    const std::string name = "events[" + std::to_string(i++) + "]";
    std::string said;
    for (const Json& piece : Get(event, "segs")) {
      const Json& text = Get(piece, "utf8");
      if (text.is_string()) said += text.get_ref<const std::string&>();
    }
    // Windows, and the ends of lines of others.
    if (said.find_first_not_of(" \n") == std::string::npos) continue;
    const Json& start = Get(event, "tStartMs");
    const Json& length = Get(event, "dDurationMs");
    Json end;
    if (start.is_number() && length.is_number())
      end = start.get<double>() + length.get<double>();
    AddJsonCue(file, name, start, end, 1e3, said, &out);
  }
  return out;
}

}  // namespace

SubtitleFormat YouTubeJsonFormat() {
  return {"youtube_json3", /*title=*/"", {"json3"}, Recognise, Parse};
}

}  // namespace vsa
