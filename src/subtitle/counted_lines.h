// MicroDVD and MPL2: a caption a line, "{25}{75}words|words" or
// "[10][30]words|words", its times counts of frames or of tenths of a second.
#ifndef VSA_SUBTITLE_COUNTED_LINES_H_
#define VSA_SUBTITLE_COUNTED_LINES_H_

#include <optional>
#include <string>
#include <string_view>

#include "subtitle/formats.h"
#include "subtitle/raw_subtitles.h"

namespace vsa {

struct CountedLine {
  long start = 0;
  std::optional<long> end;  // none: until the next caption
  std::string_view text;
};

// Reads a line whose counts stand between `open` and `close`; nothing if it is
// none. Counts have 9 digits at most.
std::optional<CountedLine> ParseCountedLine(std::string_view line, char open,
                                            char close);

// Adds the caption of a line, a count lasting `unit` microseconds; `parts` is
// its text without the format's own marks, its lines ended by \n.
void AddCountedCue(const std::string& path, const CountedLine& counted,
                   double unit, const std::string& parts, int line,
                   RawSubtitles* out);

// Adds a warning for a line that is none, unless it is empty.
void WarnOfUncounted(const SubtitleText& file, size_t line,
                     const std::string& expected, RawSubtitles* out);

// Also of TMPlayer. Puts the captions in order and gives an end to those that
// have none.
void FinishCounted(RawSubtitles* out);

}  // namespace vsa

#endif  // VSA_SUBTITLE_COUNTED_LINES_H_
