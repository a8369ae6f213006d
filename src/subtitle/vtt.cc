// WebVTT: a header, and blocks of a name, a time line and text among others
// that are not shown.
#include "base/ascii.h"
#include "subtitle/blocks.h"
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

constexpr BlockRules kRules = {ParseArrowLine, "-->",
                               "HH:MM:SS.mmm --> HH:MM:SS.mmm",
                               /*strict=*/true, IsHidden};

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

RawSubtitles Parse(const SubtitleText& file) {
  return ParseBlocks(file, kRules);
}

}  // namespace

SubtitleFormat WebVttFormat() {
  return {"vtt", "WebVTT", {"vtt"}, Recognise, Parse};
}

}  // namespace vsa
