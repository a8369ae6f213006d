// What whisper and its kin print as they go: "[00:00.000 --> 00:02.000] words",
// a line each; of faster-whisper "[0.00s -> 2.00s] words". Its times may have a
// label before them: "Transcript: [0.0 --> 2.0] words".
#include <string>
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

// `line` without the colours of a terminal, "\x1b[38;5;71m".
std::string WithoutColours(std::string_view line) {
  std::string plain;
  size_t start;
  while ((start = line.find("\x1b[")) != std::string_view::npos) {
    plain += line.substr(0, start);
    line.remove_prefix(start + 2);
    const size_t end = line.find_first_not_of("0123456789;");
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return plain.append(line);
}

// What is between the brackets: "00:00.000 --> 00:02.000" or "0.00s -> 2.00s".
std::optional<TimeSpan> ParseTimes(std::string_view between) {
  constexpr size_t kLongest = 100;
  if (between.size() > kLongest) return std::nullopt;
  std::string times;
  for (size_t i = 0; i < between.size(); ++i) {
    if (between[i] != 's' || i == 0 || !IsAsciiDigit(between[i - 1]))
      times += between[i];
  }
  std::optional<TimeSpan> span = ParseArrowLine(times);
  return span && Trim(span->behind).empty() ? span : std::nullopt;
}

// Who speaks, "[SPEAKER_00]" or "SPEAKER_00", or "Transcript:".
bool IsLabel(std::string_view before) {
  constexpr size_t kLongest = 40;
  before = Trim(before);
  return before.empty() || (before.size() <= kLongest &&
                            (before.back() == ':' || before.back() == ']' ||
                             before.find(' ') == std::string_view::npos));
}

// `line` must outlive what is read.
std::optional<Printed> ParseLine(std::string_view line) {
  size_t open = line.find('[');
  for (; open != std::string_view::npos; open = line.find('[', open + 1)) {
    if (!IsLabel(line.substr(0, open))) break;
    const size_t close = line.find(']', open);
    if (close == std::string_view::npos) break;
    const std::optional<TimeSpan> times =
        ParseTimes(line.substr(open + 1, close - open - 1));
    if (!times) continue;
    std::string_view text = line.substr(close + 1);
    if (!text.empty() && text.front() == ':') text.remove_prefix(1);
    return Printed{*times, text};
  }
  return std::nullopt;
}

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseLine(WithoutColours(file.lines[line])).has_value();
}

// What else a program prints, about its model or the language, is not said.
RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string line = WithoutColours(file.lines[i]);
    const std::optional<Printed> printed = ParseLine(line);
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
