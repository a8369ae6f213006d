// Subtitle files to cues: SubRip, WebVTT, ASS and SSA, however damaged.
#ifndef VSA_SUBTITLE_H_
#define VSA_SUBTITLE_H_

#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct Subtitles {
  std::string format;     // "srt", "vtt", "ass" or "ssa"
  std::vector<Cue> cues;  // by start, each with words
  // One for each damaged place, in the order of the file. Codes:
  //   subtitle_block_skipped  a block without a readable time, or text that
  //                           belongs to none: its words are not used
  //   subtitle_time_repaired  a time that cannot be meant was changed
  std::vector<Warning> warnings;
};

// Reads the content of a subtitle file, which is UTF-8 as DecodeText gives it.
// The content decides the format; `path` is for messages, and its extension
// decides only between formats that look alike. Throws Error (kInput) where
// nothing can be recognised as subtitles. Linear in the size of the file.
Subtitles ParseSubtitles(const std::string& path, const std::string& utf8);

}  // namespace vsa

#endif  // VSA_SUBTITLE_H_
