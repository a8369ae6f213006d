// WebVTT: a header, and blocks of a name, a time line and text among others
// that are not shown.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "subtitle/blocks.h"
#include "subtitle/clock_time.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

bool StartsWithWord(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word &&
         (line.size() == word.size() || line[word.size()] == ' ' ||
          line[word.size()] == '\t');
}

// Paragraphs that are no captions. Files put together from several repeat the
// header.
bool IsHidden(std::string_view line) {
  return StartsWithWord(line, "NOTE") || StartsWithWord(line, "STYLE") ||
         StartsWithWord(line, "REGION") || StartsWithWord(line, "WEBVTT") ||
         line.substr(0, 15) == "X-TIMESTAMP-MAP";
}

constexpr BlockRules kRules = {
    ParseArrowLine,         "-->",   "HH:MM:SS.mmm --> HH:MM:SS.mmm",
    /*strict=*/true,
    /*words_behind=*/false, IsHidden};

// The first line that is not empty begins with the name of the format.
bool HasHeader(const SubtitleText& file) {
  for (std::string_view line : file.lines) {
    line = Trim(line);
    if (!line.empty()) return line.substr(0, 6) == "WEBVTT";
  }
  return false;
}

// Without a header a file looks like SubRip.
bool Recognise(const SubtitleText& file, size_t line) {
  return (line == 0 && HasHeader(file)) || ParseArrowLine(file.lines[line]);
}

// What the times of an HLS segment lie before those of the stream, by its
// "X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000" (RFC 8216, 3.5); nothing
// if the line is none.
std::optional<Time> OffsetOf(std::string_view line) {
  constexpr std::string_view kName = "X-TIMESTAMP-MAP";
  constexpr long kTicks = 90000;  // a second
  if (line.substr(0, kName.size()) != kName) return std::nullopt;
  const size_t ticks = line.find("MPEGTS:");
  const size_t local = line.find("LOCAL:");
  if (ticks == std::string_view::npos || local == std::string_view::npos)
    return std::nullopt;
  const std::string figure(line.substr(ticks + 7, 11));  // of 33 bits
  std::string_view clock = line.substr(local + 6);
  const std::optional<Time> time = TakeTime(&clock);
  if (!time) return std::nullopt;
  const long count = std::strtol(figure.c_str(), nullptr, 10);
  return Time(count * (1000000 / 10000) / (kTicks / 10000)) - *time;
}

// HLS cuts a WebVTT file into segments whose times may begin anew; in a file
// joined of them each is moved by what its map says beyond the first one's.
void MoveSegments(const SubtitleText& file, RawSubtitles* subtitles) {
  std::optional<Time> first;
  Time moved{0};
  size_t line = 0;  // read so far
  for (RawCue& cue : subtitles->cues) {
    for (; line < static_cast<size_t>(cue.line); ++line) {
      if (const auto offset = OffsetOf(file.lines[line])) {
        if (!first) first = offset;
        moved = *offset - *first;
        // The clock of 33 bits begins anew after 26.5 hours.
        constexpr Time kRound = Time((1LL << 33) * 100 / 9);
        if (moved < -kRound / 2) moved += kRound;
      }
    }
    const Time length = cue.end - cue.start;
    cue.start = std::max(cue.start + moved, Time(0));
    cue.end = cue.start + length;
  }
}

// A caption that is shown across the end of a segment stands in both.
void JoinSegments(const SubtitleText& file, RawSubtitles* subtitles) {
  constexpr Time kLongestBreak = std::chrono::milliseconds(100);
  struct Shown {
    size_t segment;
    size_t cue;
  };
  std::map<std::vector<std::string>, Shown> shown;  // by lines, the last one
  size_t segment = 0;
  size_t line = 0;  // read so far
  std::vector<RawCue> cues;
  for (RawCue& cue : subtitles->cues) {
    for (; line < static_cast<size_t>(cue.line); ++line)
      if (StartsWithWord(file.lines[line], "WEBVTT")) ++segment;
    const auto [found, first] =
        shown.try_emplace(cue.lines, Shown{segment, cues.size()});
    Shown& last = found->second;
    if (!first && last.segment + 1 == segment) {
      RawCue& before = cues[last.cue];
      if (cue.start >= before.start &&
          cue.start <= before.end + kLongestBreak) {
        before.end = std::max(before.end, cue.end);
        last.segment = segment;
        continue;
      }
    }
    last = {segment, cues.size()};
    cues.push_back(std::move(cue));
  }
  subtitles->cues = std::move(cues);
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles subtitles = ParseBlocks(file, kRules);
  MoveSegments(file, &subtitles);
  JoinSegments(file, &subtitles);
  return subtitles;
}

}  // namespace

SubtitleFormat WebVttFormat() {
  return {"vtt", "WebVTT", {"vtt"}, Recognise, Parse};
}

}  // namespace vsa
