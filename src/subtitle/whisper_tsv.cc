// Whisper's table: "start", "end" and "text" with tabs between them, times in
// milliseconds.
#include <utility>

#include "base/ascii.h"
#include "base/parse_number.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

constexpr double kLatest = 1e12;  // milliseconds

std::string_view TakeField(std::string_view* line) {
  const size_t tab = line->find('\t');
  const std::string_view field = Trim(line->substr(0, tab));
  line->remove_prefix(tab == std::string_view::npos ? line->size() : tab + 1);
  return field;
}

std::optional<Time> TimeOf(std::string_view field) {
  const std::optional<double> figure = ParseNumber(field);
  if (!figure || *figure < 0 || *figure > kLatest) return std::nullopt;
  return Time(static_cast<Time::rep>(*figure * 1e3));
}

bool Recognise(const SubtitleText& file, size_t line) {
  return Trim(file.lines[line]) == "start\tend\ttext";
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    std::string_view line = file.lines[i];
    if (Trim(line).empty() || Recognise(file, i)) continue;
    const std::optional<Time> start = TimeOf(TakeField(&line));
    const std::optional<Time> end = TimeOf(TakeField(&line));
    const int number = static_cast<int>(i) + 1;
    if (!start || !end) {
      AddWarning(file.path, number, "subtitle_block_skipped",
                 "no times; expected START, END and text with tabs between "
                 "them, in milliseconds: skipped",
                 &out);
      continue;
    }
    RawCue cue;
    cue.start = *start;
    cue.end = *end;
    cue.lines = CleanLines(line, Markup::kHtml);
    cue.line = number;
    AddCue(file.path, std::move(cue), &out);
  }
  return out;
}

}  // namespace

SubtitleFormat WhisperTsvFormat() {
  return {"whisper_tsv", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
