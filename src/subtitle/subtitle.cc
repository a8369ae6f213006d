#include "subtitle/subtitle.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "subtitle/cue_text.h"
#include "subtitle/danmaku.h"
#include "subtitle/formats.h"
#include "subtitle/rolling_captions.h"
#include "text/encoding.h"
#include "text/xml_events.h"
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

std::string ExtensionOf(const std::string& path) {
  const size_t dot = path.find_last_of("./");
  if (dot == std::string::npos || path[dot] != '.') return "";
  return LowerAscii(path.substr(dot + 1));
}

// Text that people write, not bytes of another kind.
bool IsPlainText(std::string_view content) {
  return std::none_of(content.begin(), content.end(),
                      [](unsigned char c) {
                        return (c < 0x20 && c != '\n' && c != '\r' &&
                                c != '\t' && c != '\f' && c != '\v') ||
                               c == 0x7F;
                      }) &&
         content.find("\xEF\xBF\xBD") == std::string_view::npos;
}

// The root of XML, else the first line that only one format can have decides.
// Empty: none has.
std::string FormatOf(const std::string& path, const std::string& content,
                     const std::vector<std::string_view>& lines) {
  const std::string root = RootName(content);
  if (root == "tt") return "ttml";
  if (IsDanmaku(content)) return "danmaku";
  bool first = true;
  bool ass = false;
  for (std::string_view line : lines) {
    line = Trim(line);
    if (line.empty()) continue;
    if (!ass) {
      if (first && line.substr(0, 6) == "WEBVTT") return "vtt";
      if (ParseTimeLine(line)) {
        return ExtensionOf(path) == "vtt" ? "vtt" : "srt";
      }
      if (ParseSbvLine(line)) return "sbv";
      if (IsLrcLine(line)) return "lrc";
      if (StartsWithAnyCase(line, "<sami") || StartsWithAnyCase(line, "<sync"))
        return "sami";
    }
    first = false;
    if (StartsWithAnyCase(line, "[v4 styles]")) return "ssa";
    if (StartsWithAnyCase(line, "[v4+ styles]") ||
        StartsWithAnyCase(line, "[v4++ styles]")) {
      return "ass";
    }
    if (StartsWithAnyCase(line, "[script info]") ||
        StartsWithAnyCase(line, "[events]") ||
        StartsWithAnyCase(line, "dialogue:")) {
      ass = true;
    }
  }
  if (!ass) {
    const bool text = !first && ExtensionOf(path) == "txt" && root.empty() &&
                      IsPlainText(content);
    return text ? "text" : "";
  }
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

// ASS draws one line several times, for a border or a shadow, or over and over
// to move it, and several such lines at once. A caption this short is no word
// said again.
constexpr Time kShortestRepetition = std::chrono::milliseconds(300);
constexpr Time kLongestBreak = std::chrono::milliseconds(100);
constexpr size_t kMostLinesAtOnce = 8;

// If `cue` only goes on to show what one of the last `cues` showed, that one
// lasts longer.
bool GoesOnShowing(const Cue& cue, std::vector<Cue>* cues) {
  const size_t last = std::min(cues->size(), kMostLinesAtOnce);
  for (auto shown = cues->rbegin(); shown != cues->rbegin() + last; ++shown) {
    if (shown->text != cue.text) continue;
    const bool at_once = shown->start == cue.start && shown->end == cue.end;
    const bool moves = cue.end - cue.start <= kShortestRepetition &&
                       cue.start - shown->end <= kLongestBreak;
    if (!at_once && !moves) continue;
    shown->end = std::max(shown->end, cue.end);
    return true;
  }
  return false;
}

// Marks of byte order, which joined files have in their midst, and zeros.
std::string WithoutStrayBytes(std::string_view utf8) {
  std::string text;
  text.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size(); ++i) {
    if (utf8.substr(i, 3) == kByteOrderMark) {
      i += 2;
    } else if (utf8[i] != '\0') {
      text += utf8[i];
    }
  }
  return text;
}

// Captions as they are shown to cues of what is said.
void Finish(RawSubtitles raw, Subtitles* result) {
  std::stable_sort(
      raw.cues.begin(), raw.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  RemoveRolledLines(&raw.cues);
  for (const RawCue& raw_cue : raw.cues) {
    Cue cue{raw_cue.start, raw_cue.end, JoinLines(raw_cue.lines), raw_cue.line};
    if (cue.text.empty()) continue;
    if (GoesOnShowing(cue, &result->cues)) continue;
    result->cues.push_back(std::move(cue));
  }
  result->warnings = std::move(raw.warnings);
}

// What of a packet of ASS is text: the ninth of its fields, the rest of them
// being ReadOrder, Layer, Style, Name, three margins and Effect.
std::string_view AssText(std::string_view packet) {
  for (int i = 0; i < 8; ++i) {
    const size_t comma = packet.find(',');
    if (comma == std::string_view::npos) return "";
    packet.remove_prefix(comma + 1);
  }
  return packet;
}

}  // namespace

Subtitles ParseSubtitles(const std::string& path, const std::string& utf8,
                         const std::vector<std::string>& languages) {
  const std::string content = WithoutStrayBytes(utf8);
  const std::vector<std::string_view> lines = SplitLines(content);
  Subtitles result;
  result.format = FormatOf(path, content, lines);
  const std::string& format = result.format;
  if (format == "danmaku") {
    throw Error(ErrorKind::kInput,
                path +
                    ": holds the audience's comments (danmaku), not what is "
                    "said; expected subtitles, or this file with --danmaku");
  }
  if (format.empty()) {
    const bool empty =
        content.find_first_not_of(" \t\r\n") == std::string::npos;
    throw Error(ErrorKind::kInput,
                path +
                    ": not SubRip, WebVTT, ASS, TTML, SAMI, SBV or LRC "
                    "subtitles: " +
                    (empty ? "the file is empty"
                           : "expected a line such as 00:00:01,000 --> "
                             "00:00:02,500, WEBVTT or [Script Info], or plain "
                             "text in a file named *.txt"));
  }
  RawSubtitles raw = format == "srt" ? ParseBlocks(path, lines, Blocks::kSubRip)
                     : format == "vtt"
                         ? ParseBlocks(path, lines, Blocks::kWebVtt)
                     : format == "sbv"  ? ParseBlocks(path, lines, Blocks::kSbv)
                     : format == "lrc"  ? ParseLrc(path, lines)
                     : format == "text" ? ParsePlain(lines)
                     : format == "ttml" ? ParseTtml(path, content, languages)
                     : format == "sami" ? ParseSami(path, content, languages)
                                        : ParseAss(path, lines);
  result.timed = format != "text";
  Finish(std::move(raw), &result);
  return result;
}

Subtitles ParseTrack(const std::string& name, const std::string& codec,
                     const TrackText& track) {
  const bool ass = codec == "ass" || codec == "ssa";
  RawSubtitles raw;
  int number = 0;
  for (const TrackCaption& caption : track.captions) {
    // Tracks are UTF-8; one of mov_text may say that it is not.
    const std::string_view bytes = caption.text;
    const bool wide =
        bytes.substr(0, 2) == "\xFE\xFF" || bytes.substr(0, 2) == "\xFF\xFE";
    std::string text =
        WithoutStrayBytes(DecodeText(caption.text, wide ? "" : "UTF-8").utf8);
    std::replace(text.begin(), text.end(), '\r', '\n');
    RawCue cue{caption.start, caption.end, {}, ++number};
    cue.lines = ass ? CleanLines(AssText(text), Markup::kAss)
                    : CleanLines(text, Markup::kHtml);
    // One without words may end the one before it.
    if (cue.lines.empty() && cue.end <= cue.start) continue;
    AddCue(name, std::move(cue), &raw);
  }
  std::stable_sort(
      raw.cues.begin(), raw.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&raw.cues);
  if (!track.whole) {
    raw.warnings.push_back(
        {"subtitle_track_cut",
         name + ": breaks off, or holds too much to be a text track; read is "
                "what lies before"});
  }
  Subtitles result;
  result.format = codec == "subrip" || codec == "text" ? "srt"
                  : codec == "webvtt"                  ? "vtt"
                                                       : codec;
  Finish(std::move(raw), &result);
  return result;
}

}  // namespace vsa
