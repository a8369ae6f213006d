#include "subtitle.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "rolling_captions.h"
#include "subtitle_formats.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Ends of lines are \n, \r\n and \r.
std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find_first_of("\r\n");
    if (end == std::string_view::npos) {
      lines.push_back(text);
      break;
    }
    lines.push_back(text.substr(0, end));
    const bool two =
        text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (two ? 2 : 1));
  }
  return lines;
}

bool StartsWith(std::string_view text, std::string_view start) {
  if (text.size() < start.size()) return false;
  for (size_t i = 0; i < start.size(); ++i) {
    const char c = text[i];
    const char lower = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    if (lower != start[i]) return false;
  }
  return true;
}

std::string ExtensionOf(const std::string& path) {
  const size_t dot = path.find_last_of("./");
  if (dot == std::string::npos || path[dot] != '.') return "";
  std::string extension = path.substr(dot + 1);
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return extension;
}

// The first line that only one format can have decides. Empty: none has.
std::string FormatOf(const std::string& path,
                     const std::vector<std::string_view>& lines) {
  bool first = true;
  bool ass = false;
  for (std::string_view line : lines) {
    line = Trim(line);
    if (line.empty()) continue;
    if (!ass) {
      if (first && line.substr(0, 6) == "WEBVTT") return "vtt";
      if (ParseTimeLine(line))
        return ExtensionOf(path) == "vtt" ? "vtt" : "srt";
    }
    first = false;
    if (StartsWith(line, "[v4 styles]")) return "ssa";
    if (StartsWith(line, "[v4+ styles]") || StartsWith(line, "[v4++ styles]")) {
      return "ass";
    }
    if (StartsWith(line, "[script info]") || StartsWith(line, "[events]") ||
        StartsWith(line, "dialogue:")) {
      ass = true;
    }
  }
  if (!ass) return "";
  return ExtensionOf(path) == "ssa" ? "ssa" : "ass";
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += ' ';
    text += line;
  }
  return text;
}

// ASS draws one line several times, for a border or a shadow.
bool IsShownTwice(const Cue& a, const Cue& b) {
  return a.start == b.start && a.end == b.end && a.text == b.text;
}

}  // namespace

Subtitles ParseSubtitles(const std::string& path, const std::string& utf8) {
  std::string cleaned;
  std::string_view content = utf8;
  if (content.find('\0') != std::string_view::npos) {
    cleaned = utf8;
    cleaned.erase(std::remove(cleaned.begin(), cleaned.end(), '\0'),
                  cleaned.end());
    content = cleaned;
  }
  if (content.substr(0, 3) == kByteOrderMark) content.remove_prefix(3);

  const std::vector<std::string_view> lines = SplitLines(content);
  Subtitles result;
  result.format = FormatOf(path, lines);
  if (result.format.empty()) {
    const bool empty =
        content.find_first_not_of(" \t\r\n") == std::string_view::npos;
    throw Error(ErrorKind::kInput,
                path + ": not SubRip, WebVTT or ASS subtitles: " +
                    (empty ? "the file is empty"
                           : "expected a line such as 00:00:01,000 --> "
                             "00:00:02,500, WEBVTT or [Script Info]"));
  }
  RawSubtitles raw = result.format == "srt" || result.format == "vtt"
                         ? ParseBlocks(path, lines, result.format == "vtt")
                         : ParseAss(path, lines);
  std::stable_sort(
      raw.cues.begin(), raw.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  RemoveRolledLines(&raw.cues);
  for (const RawCue& raw_cue : raw.cues) {
    Cue cue{raw_cue.start, raw_cue.end, JoinLines(raw_cue.lines), raw_cue.line};
    if (cue.text.empty()) continue;
    if (!result.cues.empty() && IsShownTwice(result.cues.back(), cue)) continue;
    result.cues.push_back(std::move(cue));
  }
  result.warnings = std::move(raw.warnings);
  return result;
}

}  // namespace vsa
