// What whisper and its kin print as they go: "[00:00.000 --> 00:02.000] words",
// a line each.
#include <utility>

#include "base/ascii.h"
#include "subtitle/blocks.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

struct Printed {
  TimeSpan times;
  std::string_view text;
};

std::optional<Printed> ParseLine(std::string_view line) {
  line = Trim(line);
  if (line.empty() || line.front() != '[') return std::nullopt;
  const size_t end = line.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::optional<TimeSpan> times = ParseArrowLine(line.substr(1, end - 1));
  if (!times || !times->behind.empty()) return std::nullopt;
  return Printed{*times, line.substr(end + 1)};
}

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseLine(file.lines[line]).has_value();
}

// What else a program prints, about its model or the language, is not said.
RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::optional<Printed> printed = ParseLine(file.lines[i]);
    if (!printed) continue;
    RawCue cue;
    cue.start = printed->times.start;
    cue.end = printed->times.end;
    cue.lines = CleanLines(printed->text, Markup::kHtml);
    cue.line = static_cast<int>(i) + 1;
    AddCue(file.path, std::move(cue), &out);
  }
  return out;
}

}  // namespace

SubtitleFormat WhisperConsoleFormat() {
  return {"whisper_console", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
