#include "subtitle/formats.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace vsa {
namespace {

using std::chrono::seconds;

// Swapping a reversed pair of times must give a caption of believable length;
// else only the start is believed.
constexpr Time kLongestSwapped = seconds(10);
constexpr Time kLengthOfBrokenEnd = seconds(3);
// A caption without an end of its own is not shown through a long silence.
constexpr Time kLongestOpen = seconds(10);

void SkipSpaces(std::string_view* text) {
  while (!text->empty() && (text->front() == ' ' || text->front() == '\t')) {
    text->remove_prefix(1);
  }
}

bool TakeMinus(std::string_view* text) {
  if (text->empty() || text->front() != '-') return false;
  text->remove_prefix(1);
  return true;
}

// At most 7 digits, so that no sum of them overflows.
std::optional<long> TakeNumber(std::string_view* text) {
  size_t n = 0;
  long value = 0;
  while (n < text->size() && IsAsciiDigit((*text)[n])) {
    if (n == 7) return std::nullopt;
    value = value * 10 + ((*text)[n++] - '0');
  }
  if (n == 0) return std::nullopt;
  text->remove_prefix(n);
  return value;
}

// The digits after the decimal sign as microseconds.
long TakeFraction(std::string_view* text) {
  long value = 0;
  long unit = 100000;
  while (!text->empty() && IsAsciiDigit(text->front())) {
    value += (text->front() - '0') * unit;
    unit /= 10;
    text->remove_prefix(1);
  }
  return value;
}

}  // namespace

std::optional<Time> TakeTime(std::string_view* text) {
  std::string_view rest = *text;
  SkipSpaces(&rest);
  bool negative = TakeMinus(&rest);
  std::optional<long> figure = TakeNumber(&rest);
  if (!figure) return std::nullopt;
  long total = *figure;
  int figures = 1;
  long micros = 0;
  bool fraction = false;
  while (!fraction) {
    std::string_view ahead = rest;
    SkipSpaces(&ahead);
    if (ahead.empty()) break;
    const char sign = ahead.front();
    if (sign != ':' && sign != ',' && sign != '.') break;
    ahead.remove_prefix(1);
    SkipSpaces(&ahead);
    if (TakeMinus(&ahead)) negative = true;
    if (ahead.empty() || !IsAsciiDigit(ahead.front())) break;
    // Some write a colon before the milliseconds too.
    if (sign != ':' || figures == 3) {
      micros = TakeFraction(&ahead);
      fraction = true;
    } else {
      figure = TakeNumber(&ahead);
      if (!figure) return std::nullopt;
      total = total * 60 + *figure;
      ++figures;
    }
    rest = ahead;
  }
  if (figures == 1 && !fraction) return std::nullopt;
  *text = rest;
  const Time time = seconds(total) + Time(micros);
  return negative ? -time : time;
}

std::optional<TimeSpan> ParseTimeLine(std::string_view line) {
  const std::optional<Time> start = TakeTime(&line);
  if (!start) return std::nullopt;
  SkipSpaces(&line);
  for (const std::string_view arrow :
       {"-->", "->", "-- >", "--&gt;", "—>", "–>"}) {
    if (line.substr(0, arrow.size()) != arrow) continue;
    line.remove_prefix(arrow.size());
    const std::optional<Time> end = TakeTime(&line);
    // "00:00:1d.890" is not 1 s.
    const bool whole =
        line.empty() || !(IsAsciiDigit(line[0]) || IsAsciiLetter(line[0]));
    if (!end || !whole) return std::nullopt;
    return TimeSpan{*start, *end};
  }
  return std::nullopt;
}

std::optional<TimeSpan> ParseSbvLine(std::string_view line) {
  if (line.find(':') == std::string_view::npos) return std::nullopt;
  const std::optional<Time> start = TakeTime(&line);
  if (!start || line.empty() || line.front() != ',') return std::nullopt;
  line.remove_prefix(1);
  const std::optional<Time> end = TakeTime(&line);
  if (!end || !Trim(line).empty()) return std::nullopt;
  return TimeSpan{*start, *end};
}

void EndOpenCues(std::vector<RawCue>* cues) {
  std::optional<Time> next;  // when the next caption starts
  for (size_t i = cues->size(); i-- > 0;) {
    RawCue& cue = (*cues)[i];
    // Captions that start at once end at once.
    if (i + 1 < cues->size() && (*cues)[i + 1].start > cue.start) {
      next = (*cues)[i + 1].start;
    }
    if (cue.end != kOpenEnd) continue;
    cue.end = cue.start + kLongestOpen;
    if (next) cue.end = std::min(cue.end, *next);
  }
}

void AddWarning(const std::string& path, int line, const std::string& code,
                const std::string& what, RawSubtitles* out) {
  out->warnings.push_back(
      {code, path + ":" + std::to_string(line) + ": " + what});
}

bool RepairTimes(const std::string& path, RawCue* cue, RawSubtitles* out) {
  if (cue->end == cue->start || (cue->end < Time(0) && cue->start < Time(0))) {
    AddWarning(path, cue->line, "subtitle_block_skipped",
               cue->end == cue->start
                   ? "a caption of no length; expected an end after its "
                     "start: skipped"
                   : "a caption before the time 0: skipped",
               out);
    return false;
  }
  if (cue->end < cue->start) {
    const bool swap =
        cue->start - cue->end <= kLongestSwapped && cue->end >= Time(0);
    if (swap) {
      std::swap(cue->start, cue->end);
    } else {
      cue->end = cue->start + kLengthOfBrokenEnd;
    }
    AddWarning(path, cue->line, "subtitle_time_repaired",
               std::string("the end is before the start: ") +
                   (swap ? "swapped" : "ends 3 s after its start"),
               out);
  }
  if (cue->start < Time(0)) {
    cue->start = Time(0);
    if (cue->end <= cue->start) {
      AddWarning(path, cue->line, "subtitle_block_skipped",
                 "a caption before the time 0: skipped", out);
      return false;
    }
    AddWarning(path, cue->line, "subtitle_time_repaired",
               "the start is before the time 0: set to 0", out);
  }
  return true;
}

void AddCue(const std::string& path, RawCue cue, RawSubtitles* out) {
  if (RepairTimes(path, &cue, out)) out->cues.push_back(std::move(cue));
}

}  // namespace vsa
