// SubRip, WebVTT and SBV: blocks around a line of times, "START --> END" or, in
// SBV, "START,END". The time lines are found first, because they are what
// survives in damaged files: what lies between two of them is the text of the
// first, and perhaps the number or name of the second.
#ifndef VSA_SUBTITLE_BLOCKS_H_
#define VSA_SUBTITLE_BLOCKS_H_

#include <optional>
#include <string>
#include <string_view>

#include "subtitle/formats.h"
#include "subtitle/raw_subtitles.h"
#include "vsa/types.h"

namespace vsa {

struct TimeSpan {
  Time start{0};
  Time end{0};
  std::string behind;  // what the line has behind them
};

// What tells the formats apart.
struct BlockRules {
  // Reads a line of times; nothing if it is none.
  std::optional<TimeSpan> (*parse_times)(std::string_view line);
  std::string_view sign;      // between the two times
  std::string_view expected;  // such a line, for messages
  // WebVTT: a caption ends at an empty line and may have a name above its
  // times.
  bool strict = false;
  // SubRip: words may stand behind the times.
  bool words_behind = false;
  // Whether the paragraph that begins with `line` is never shown; null where
  // all are.
  bool (*is_hidden)(std::string_view line) = nullptr;
};

// Reads a line "TIME --> TIME …" of SubRip or WebVTT; nothing if it is none.
// Translators leave marks that nobody sees, wide spaces and full-width figures
// and signs: they count as what they look like. The arrow is any run of dashes
// and arrow heads, a block's number may stand before it, and the signs in the
// times may be others.
std::optional<TimeSpan> ParseArrowLine(std::string_view line);

// Never fails.
RawSubtitles ParseBlocks(const SubtitleText& file, const BlockRules& rules);

}  // namespace vsa

#endif  // VSA_SUBTITLE_BLOCKS_H_
