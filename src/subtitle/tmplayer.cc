// TMPlayer: "00:00:01:words|words", a caption a line that lasts until the next
// one; or "00:00:01,1=words" and "00:00:01,2=words", the lines of a caption.
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "subtitle/counted_lines.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

struct StampedLine {
  Time start{0};
  bool continues = false;  // the caption above
  std::string_view text;
};

// Figures from the front of `*line`, `least` to `most` of them, taken away.
std::optional<long> TakeFigures(size_t least, size_t most,
                                std::string_view* line) {
  size_t n = 0;
  long value = 0;
  while (n < line->size() && n < most && IsAsciiDigit((*line)[n]))
    value = value * 10 + ((*line)[n++] - '0');
  if (n < least) return std::nullopt;
  line->remove_prefix(n);
  return value;
}

bool Take(char sign, std::string_view* line) {
  if (line->empty() || line->front() != sign) return false;
  line->remove_prefix(1);
  return true;
}

std::optional<StampedLine> ParseLine(std::string_view line) {
  line = Trim(line);
  const std::optional<long> hours = TakeFigures(1, 2, &line);
  if (!hours || !Take(':', &line)) return std::nullopt;
  const std::optional<long> minutes = TakeFigures(2, 2, &line);
  if (!minutes || !Take(':', &line)) return std::nullopt;
  const std::optional<long> seconds = TakeFigures(2, 2, &line);
  if (!seconds) return std::nullopt;
  StampedLine stamped;
  stamped.start =
      std::chrono::seconds((*hours * 60 + *minutes) * 60 + *seconds);
  if (Take(',', &line)) {
    const std::optional<long> number = TakeFigures(1, 1, &line);
    if (!number || !Take('=', &line)) return std::nullopt;
    stamped.continues = *number > 1;
  } else if (!Take(':', &line) && !Take('=', &line)) {
    return std::nullopt;
  }
  stamped.text = line;
  return stamped;
}

// Frames and milliseconds may stand behind a colon in other formats.
bool Recognise(const SubtitleText& file, size_t line) {
  const std::optional<StampedLine> stamped = ParseLine(file.lines[line]);
  return stamped && !stamped->text.empty() &&
         !IsAsciiDigit(stamped->text.front());
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::optional<StampedLine> stamped = ParseLine(file.lines[i]);
    if (!stamped) {
      WarnOfUncounted(file, i, "HH:MM:SS:words", &out);
      continue;
    }
    std::string parts(stamped->text);
    for (char& c : parts)
      if (c == '|') c = '\n';
    std::vector<std::string> lines = CleanLines(parts, Markup::kHtml);
    if (stamped->continues && !out.cues.empty() &&
        out.cues.back().start == stamped->start) {
      RawCue& cue = out.cues.back();
      for (std::string& one : lines) cue.lines.push_back(std::move(one));
      continue;
    }
    RawCue cue;
    cue.start = stamped->start;
    cue.end = kOpenEnd;
    cue.lines = std::move(lines);
    cue.line = static_cast<int>(i) + 1;
    out.cues.push_back(std::move(cue));
  }
  FinishCounted(&out);
  return out;
}

}  // namespace

// No sidecar: it has no extension of its own.
SubtitleFormat TmPlayerFormat() {
  return {"tmplayer", "TMPlayer", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
