// SubRip: blocks of a number, a time line and text.
#include "subtitle/blocks.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

constexpr BlockRules kRules = {ParseArrowLine, "-->",
                               "HH:MM:SS,mmm --> HH:MM:SS,mmm",
                               /*strict=*/false, /*words_behind=*/true};

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseArrowLine(file.lines[line]).has_value();
}

RawSubtitles Parse(const SubtitleText& file) {
  return ParseBlocks(file, kRules);
}

}  // namespace

SubtitleFormat SubRipFormat() {
  return {"srt", "SubRip", {"srt"}, Recognise, Parse};
}

}  // namespace vsa
