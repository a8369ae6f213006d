#include "subtitle/counted_lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ascii.h"
#include "subtitle/cue_text.h"

namespace vsa {
namespace {

constexpr size_t kMostDigits = 9;

// The figures of "{25}", taken from the front of `*line`.
std::optional<std::string_view> TakeFigures(std::string_view* line, char open,
                                            char close) {
  if (line->empty() || line->front() != open) return std::nullopt;
  const size_t end = line->find(close);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view figures = line->substr(1, end - 1);
  if (figures.size() > kMostDigits ||
      !std::all_of(figures.begin(), figures.end(), IsAsciiDigit)) {
    return std::nullopt;
  }
  line->remove_prefix(end + 1);
  return figures;
}

long CountOf(std::string_view figures) {
  long count = 0;
  for (const char c : figures) count = count * 10 + (c - '0');
  return count;
}

}  // namespace

std::optional<CountedLine> ParseCountedLine(std::string_view line, char open,
                                            char close) {
  line = Trim(line);
  const std::optional<std::string_view> start = TakeFigures(&line, open, close);
  if (!start || start->empty()) return std::nullopt;
  const std::optional<std::string_view> end = TakeFigures(&line, open, close);
  if (!end) return std::nullopt;
  CountedLine counted;
  counted.start = CountOf(*start);
  if (!end->empty()) counted.end = CountOf(*end);
  counted.text = line;
  return counted;
}

void AddCountedCue(const std::string& path, const CountedLine& counted,
                   double unit, const std::string& parts, int line,
                   RawSubtitles* out) {
  const auto time_of = [unit](long count) {
    return Time(std::llround(static_cast<double>(count) * unit));
  };
  RawCue cue;
  cue.start = time_of(counted.start);
  cue.end = counted.end ? time_of(*counted.end) : kOpenEnd;
  cue.lines = CleanLines(parts, Markup::kHtml);
  cue.line = line;
  AddCue(path, std::move(cue), out);
}

void WarnOfUncounted(const SubtitleText& file, size_t line,
                     const std::string& expected, RawSubtitles* out) {
  if (Trim(file.lines[line]).empty()) return;
  AddWarning(file.path, static_cast<int>(line) + 1, "subtitle_block_skipped",
             "text without a time; expected " + expected + ": skipped", out);
}

void FinishCounted(RawSubtitles* out) {
  std::stable_sort(
      out->cues.begin(), out->cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&out->cues);
}

}  // namespace vsa
