// Transcripts as people copy them, "timed text": a time before its words,
// "0:05 words" or "(0:05) words", or above them, as YouTube has it and, behind
// the speaker's name, Otter, "John Smith  0:05", and Rev, "Speaker 1 (00:05):".
#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "subtitle/clock_time.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

struct Stamp {
  Time start{0};
  std::optional<Time> end;
  std::string_view text;  // behind it
};

// "0:05", "00:01:05" or "0:05.500" from the front of `*text`, taken away.
std::optional<Time> TakeStamp(std::string_view* text) {
  size_t figures = 0;
  size_t i = 0;
  while (i < text->size()) {
    const size_t begin = i;
    while (i < text->size() && IsAsciiDigit((*text)[i])) ++i;
    const size_t digits = i - begin;
    const bool right = figures == 0 ? digits >= 1 && digits <= 3
                                    : digits == 2 && (*text)[begin] < '6';
    if (!right) return std::nullopt;
    ++figures;
    if (i == text->size() || (*text)[i] != ':') break;
    ++i;
  }
  if (figures < 2 || figures > 3) return std::nullopt;
  if (i + 1 < text->size() && ((*text)[i] == '.' || (*text)[i] == ',') &&
      IsAsciiDigit((*text)[i + 1])) {
    ++i;
    while (i < text->size() && IsAsciiDigit((*text)[i])) ++i;
  }
  std::string_view time = text->substr(0, i);
  text->remove_prefix(i);
  return TakeTime(&time);
}

bool Take(std::string_view sign, std::string_view* text) {
  if (text->substr(0, sign.size()) != sign) return false;
  text->remove_prefix(sign.size());
  return true;
}

// "- 0:10" from the front of `*text`, taken away, or "0:10" if it is all.
std::optional<Time> TakeEnd(std::string_view* text) {
  std::string_view rest = Trim(*text);
  const bool dash = Take("-", &rest) || Take("–", &rest);
  rest = Trim(rest);
  const std::optional<Time> end = TakeStamp(&rest);
  if (!end || !(dash || rest.empty())) return std::nullopt;
  *text = rest;
  return end;
}

// A line that begins with a time.
std::optional<Stamp> StampBefore(std::string_view line) {
  line = Trim(line);
  const bool open = Take("(", &line);
  const std::optional<Time> start = TakeStamp(&line);
  if (!start) return std::nullopt;
  Stamp stamp{*start, TakeEnd(&line), {}};
  if (open && !Take(")", &line)) return std::nullopt;
  if (Take(":", &line) || line.empty() || line.front() == ' ' ||
      line.front() == '\t') {
    stamp.text = Trim(line);
    return stamp;
  }
  return std::nullopt;
}

// A line of a name and a time, with another one of words below and none above.
std::optional<Stamp> StampBehindName(const SubtitleText& file, size_t i) {
  constexpr size_t kLongest = 60;  // bytes
  const std::string_view line = Trim(file.lines[i]);
  const size_t space = line.find_last_of(" \t");
  if (space == std::string_view::npos || line.size() > kLongest ||
      IsAsciiDigit(line.front()) ||
      (i > 0 && !Trim(file.lines[i - 1]).empty()) ||
      i + 1 == file.lines.size() || Trim(file.lines[i + 1]).empty()) {
    return std::nullopt;
  }
  std::string_view time = line.substr(space + 1);
  const bool open = Take("(", &time);
  const std::optional<Time> start = TakeStamp(&time);
  if (!start || (open && !Take(")", &time))) return std::nullopt;
  Take(":", &time);
  if (!time.empty()) return std::nullopt;
  return Stamp{*start, std::nullopt, {}};
}

std::optional<Stamp> StampOf(const SubtitleText& file, size_t i, bool names) {
  return names ? StampBehindName(file, i) : StampBefore(file.lines[i]);
}

// Whether the file is such, surely: times in order among not many more lines of
// words, the first one at its beginning and no time of day.
bool HasRunOfTimes(const SubtitleText& file, bool names) {
  constexpr size_t kFewest = 2;
  constexpr Time kLatestFirst = std::chrono::minutes(1);
  constexpr size_t kMostLinesOfOne = 4;
  constexpr size_t kMostLinesOfHead = 5;
  size_t written = 0;  // lines
  size_t head = 0;
  size_t stamps = 0;
  Time last{0};
  for (size_t i = 0; i < file.lines.size(); ++i) {
    if (Trim(file.lines[i]).empty()) continue;
    ++written;
    const std::optional<Stamp> stamp = StampOf(file, i, names);
    if (!stamp) {
      if (stamps == 0) ++head;
      continue;
    }
    if (stamp->start < last || (stamps == 0 && stamp->start >= kLatestFirst))
      return false;
    last = stamp->start;
    ++stamps;
  }
  return stamps >= kFewest && head <= kMostLinesOfHead &&
         written <= head + kMostLinesOfOne * stamps;
}

// When the last line has come without being another format's.
bool Recognise(const SubtitleText& file, size_t line) {
  return line + 1 == file.lines.size() &&
         (HasRunOfTimes(file, false) || HasRunOfTimes(file, true));
}

// Long paragraphs are said for longer than a caption without an end is shown.
void EndParagraphs(std::vector<RawCue>* cues) {
  constexpr Time kOfByte = std::chrono::milliseconds(100);
  for (size_t i = 0; i < cues->size(); ++i) {
    RawCue& cue = (*cues)[i];
    if (cue.end != kOpenEnd) continue;
    const Time next = i + 1 < cues->size() ? (*cues)[i + 1].start : kOpenEnd;
    size_t bytes = 0;
    for (const std::string& line : cue.lines) bytes += line.size();
    const Time said = cue.start + kOfByte * static_cast<long>(bytes);
    cue.end = EndOfOpen(cue.start, next);
    if (next > cue.start) cue.end = std::max(cue.end, std::min(said, next));
  }
}

RawSubtitles Parse(const SubtitleText& file) {
  const bool names = !HasRunOfTimes(file, false);
  RawSubtitles out;
  std::string text;  // of the last cue
  const auto finish = [&out, &text] {
    if (!out.cues.empty())
      out.cues.back().lines = CleanLines(text, Markup::kHtml);
    text.clear();
  };
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    const std::string_view line = file.lines[i];
    if (const std::optional<Stamp> stamp = StampOf(file, i, names)) {
      finish();
      RawCue cue{stamp->start, stamp->end.value_or(kOpenEnd), {}, number};
      if (cue.end <= cue.start) cue.end = kOpenEnd;
      out.cues.push_back(std::move(cue));
      text.append(stamp->text).append("\n");
    } else if (!out.cues.empty()) {
      text.append(line).append("\n");
    } else if (!Trim(line).empty()) {
      AddWarning(file.path, number, "subtitle_block_skipped",
                 "text before the first time: skipped", &out);
    }
  }
  finish();
  EndParagraphs(&out.cues);
  return out;
}

}  // namespace

// No sidecar: it has no extension of its own.
SubtitleFormat TimedTextFormat() {
  return {"timed_text", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
