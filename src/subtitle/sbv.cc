// SBV, YouTube's own: blocks of a time line "START,END" and text.
#include "base/ascii.h"
#include "subtitle/blocks.h"
#include "subtitle/clock_time.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

std::optional<TimeSpan> ParseTimes(std::string_view line) {
  if (line.find(':') == std::string_view::npos) return std::nullopt;
  const std::optional<Time> start = TakeTime(&line);
  if (!start || line.empty() || line.front() != ',') return std::nullopt;
  line.remove_prefix(1);
  const std::optional<Time> end = TakeTime(&line);
  if (!end || !Trim(line).empty()) return std::nullopt;
  return TimeSpan{*start, *end, ""};
}

constexpr BlockRules kRules = {ParseTimes, ",", "H:MM:SS.mmm,H:MM:SS.mmm"};

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseTimes(file.lines[line]).has_value();
}

RawSubtitles Parse(const SubtitleText& file) {
  return ParseBlocks(file, kRules);
}

}  // namespace

SubtitleFormat SbvFormat() { return {"sbv", "SBV", {"sbv"}, Recognise, Parse}; }

}  // namespace vsa
