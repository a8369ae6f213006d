// SCC (Scenarist Closed Captions): lines of a time code of NTSC and bytes of
// CEA-608 in hexadecimal figures.
#include <algorithm>
#include <bitset>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "subtitle/formats.h"
#include "subtitle/track.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kFrame = 1001.0 / 30000;  // seconds
constexpr int kDroppedPerMinute = 2;

// What time code counts as an hour, in frames.
constexpr int kHour = 60 * 60 * 30;
constexpr int kDroppedPerHour = 54 * kDroppedPerMinute;

Time ToTime(int frames) { return Time(std::llround(frames * kFrame * 1e6)); }

bool Recognise(const SubtitleText& file, size_t line) {
  return StartsWithAnyCase(Trim(file.lines[line]), "scenarist_scc v");
}

struct TimeCode {
  int frames = 0;
  bool drops = false;  // numbers of frames are left out, to keep up with clocks
};

// "00:00:01:15", or "00:00:01;15", which drops frames. Removed from the front
// of `*line`.
std::optional<TimeCode> TakeTimeCode(std::string_view* line) {
  int part[4];
  bool drops = false;
  std::string_view rest = *line;
  for (int i = 0; i < 4; ++i) {
    if (rest.size() < 2 || !IsAsciiDigit(rest[0]) || !IsAsciiDigit(rest[1]))
      return std::nullopt;
    part[i] = (rest[0] - '0') * 10 + (rest[1] - '0');
    rest.remove_prefix(2);
    if (i == 3) break;
    if (rest.empty() ||
        std::string_view(":;.,").find(rest[0]) == std::string_view::npos) {
      return std::nullopt;
    }
    drops = rest[0] != ':';
    rest.remove_prefix(1);
  }
  if (part[1] >= 60 || part[2] >= 60 || part[3] >= 30) return std::nullopt;
  const int minutes = part[0] * 60 + part[1];
  int frames = (minutes * 60 + part[2]) * 30 + part[3];
  // All but each tenth minute.
  if (drops) frames -= kDroppedPerMinute * (minutes - minutes / 10);
  *line = rest;
  return TimeCode{frames, drops};
}

// With the bit that makes the count of ones odd, as decoders want it: files of
// some programs lack it.
char WithParity(unsigned byte) {
  const unsigned low = byte & 0x7Fu;
  const bool odd = std::bitset<7>(low).count() % 2 == 1;
  return static_cast<char>(odd ? low : low | 0x80u);
}

// "94ae 9420 …" to bytes; nothing if it is anything else.
std::optional<std::string> ToPairs(std::string_view text) {
  std::string pairs;
  for (text = Trim(text); !text.empty(); text = Trim(text)) {
    const size_t size = std::min(text.find_first_of(" \t"), text.size());
    unsigned pair = 0;
    const char* end = text.data() + size;
    const auto [stop, error] = std::from_chars(text.data(), end, pair, 16);
    if (size != 4 || error != std::errc() || stop != end) return std::nullopt;
    pairs += {WithParity(pair >> 8), WithParity(pair & 0xFF)};
    text.remove_prefix(size);
  }
  return pairs;
}

// Programmes on tape begin at an hour of their own, mostly the first.
void CountFromTheirHour(const std::string& path, bool drops,
                        RawSubtitles* subtitles) {
  if (subtitles->cues.empty()) return;
  const Time hour = ToTime(drops ? kHour - kDroppedPerHour : kHour);
  const auto hours = subtitles->cues.front().start / hour;
  if (hours < 1) return;
  for (RawCue& cue : subtitles->cues) {
    cue.start -= hours * hour;
    if (cue.end != kOpenEnd) cue.end -= hours * hour;
  }
  subtitles->warnings.push_back(
      {"subtitle_times_guessed",
       path + ": its first caption comes after " + std::to_string(hours) +
           " h, which is taken for where the video begins"});
}

RawSubtitles Parse(const SubtitleText& file) {
  if (!file.context.decode_608) {
    throw Error(ErrorKind::kInput,
                file.path + ": is SCC, which is not read here; expected " +
                    SubtitleFormatNames());
  }
  std::vector<CaptionBytes> bytes;
  RawSubtitles damaged;
  bool drops = false;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    std::string_view line = Trim(file.lines[i]);
    if (line.empty() || Recognise(file, i)) continue;
    const std::optional<TimeCode> time = TakeTimeCode(&line);
    std::optional<std::string> pairs = ToPairs(line);
    if (time && pairs) {
      bytes.push_back({ToTime(time->frames), *std::move(pairs)});
      drops = drops || time->drops;
    } else {
      AddWarning(file.path, static_cast<int>(i) + 1, "subtitle_block_skipped",
                 "no line of SCC; expected one such as 00:00:01:15, then pairs "
                 "of bytes such as 94ae 9420: skipped",
                 &damaged);
    }
  }
  std::stable_sort(bytes.begin(), bytes.end(),
                   [](const CaptionBytes& a, const CaptionBytes& b) {
                     return a.time < b.time;
                   });
  RawSubtitles out = ToRawSubtitles(file.path, "eia_608",
                                    file.context.decode_608(bytes).captions);
  out.warnings.insert(out.warnings.begin(), damaged.warnings.begin(),
                      damaged.warnings.end());
  CountFromTheirHour(file.path, drops, &out);
  return out;
}

}  // namespace

SubtitleFormat SccFormat() { return {"scc", "SCC", {"scc"}, Recognise, Parse}; }

}  // namespace vsa
