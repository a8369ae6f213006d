#include "subtitle/subtitle.h"

#include <string_view>
#include <utility>

#include "subtitle/ebu_stl.h"
#include "subtitle/fences.h"
#include "subtitle/formats.h"
#include "subtitle/spoken_cues.h"
#include "subtitle/unread_formats.h"
#include "subtitle/unspoken_tracks.h"
#include "vsa/error.h"

namespace vsa {
namespace {

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

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

Error NotSubtitles(const std::string& path) {
  return Error(ErrorKind::kInput,
               path + ": not " + TimedSubtitleFormatNames() +
                   " subtitles: expected a line such as 00:00:01,000 --> "
                   "00:00:02,500, WEBVTT or [Script Info], or plain text in a "
                   "file named *.txt");
}

// Nothing if the file has no format.
std::optional<Subtitles> ParseText(const std::string& path,
                                   const std::string& text,
                                   const SubtitleContext& context) {
  const std::vector<std::string_view> lines = SplitLines(text);
  const SubtitleText file{path, ExtensionOf(path), text, lines, context};
  const SubtitleFormat* format = RecogniseFormat(file);
  if (format == nullptr) return std::nullopt;
  Subtitles result = ToSubtitles(path, format->name, format->parse(file));
  result.timed = format->timed;
  return result;
}

// Plain text may have fences of its own.
std::optional<Subtitles> ParseFenced(const std::string& path,
                                     const std::string& text,
                                     const SubtitleContext& context) {
  const std::optional<Fenced> fenced = ReadFenced(text, SplitLines(text));
  if (!fenced) return std::nullopt;
  std::optional<Subtitles> result = ParseText(path, fenced->text, context);
  if (!result || !result->timed) return std::nullopt;
  for (const int line : fenced->words_outside) {
    result->warnings.push_back(
        {"subtitle_block_skipped",
         path + ":" + std::to_string(line) +
             ": text outside the lines of ``` around the subtitles: skipped"});
  }
  return result;
}

}  // namespace

Subtitles ParseSubtitles(const std::string& path, const std::string& utf8,
                         const SubtitleContext& context) {
  const std::string text = WithoutStrayBytes(utf8);
  // SubRip of a video in which nobody speaks is such a file.
  if (IsBlank(text)) return {};
  std::optional<Subtitles> result = ParseFenced(path, text, context);
  if (!result) result = ParseText(path, text, context);
  if (!result) throw NotSubtitles(path);
  return *std::move(result);
}

SubtitleFile ParseSubtitleBytes(const std::string& path,
                                const std::string& bytes,
                                const std::string& encoding,
                                const SubtitleContext& context) {
  RefuseUnreadBytes(path, bytes);
  if (IsEbuStl(bytes)) return ParseEbuStl(path, bytes, encoding);
  SubtitleFile file;
  file.decoded = DecodeText(bytes, encoding);
  file.subtitles = ParseSubtitles(path, file.decoded.utf8, context);
  return file;
}

Subtitles ToSubtitles(const std::string& path, const std::string& format,
                      RawSubtitles raw) {
  RemoveUnspoken(path, &raw);
  Subtitles result;
  result.format = format;
  result.cues = SpokenCues(std::move(raw.cues));
  result.warnings = std::move(raw.warnings);
  return result;
}

}  // namespace vsa
