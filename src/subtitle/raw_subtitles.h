// What a reader of a subtitle format gives: captions as their file shows them.
#ifndef VSA_SUBTITLE_RAW_SUBTITLES_H_
#define VSA_SUBTITLE_RAW_SUBTITLES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// A caption of cleaned lines, not yet one text, because rolling captions are
// told by their lines.
struct RawCue {
  Time start{0};
  Time end{0};                     // > start, or kOpenEnd
  std::vector<std::string> lines;  // may be empty
  int line = 0;                    // of the file, from 1
  bool starts_word = false;        // a space stands before its first word
  std::size_t marking = 0;         // MarkingOf it; 0: not known
};

// The end of a caption whose file says only when it starts.
constexpr Time kOpenEnd = Time::max();

struct RawSubtitles {
  std::vector<RawCue> cues;  // in the order of the file
  std::vector<Warning> warnings;
};

// When a caption without an end of its own ends: at the start of the next one,
// if it is later, or 10 s after its own if that comes first.
Time EndOfOpen(Time start, Time next);

// Gives every cue with kOpenEnd such an end. Cues are in the order of time.
void EndOpenCues(std::vector<RawCue>* cues);

// False if the times of `*cue` can be neither used nor repaired. Adds a warning
// to `out` unless they are sound.
bool RepairTimes(const std::string& path, RawCue* cue, RawSubtitles* out);

// Adds a cue to `out` if its times can be used or repaired.
void AddCue(const std::string& path, RawCue cue, RawSubtitles* out);

void AddWarning(const std::string& path, int line, const std::string& code,
                const std::string& what, RawSubtitles* out);

}  // namespace vsa

#endif  // VSA_SUBTITLE_RAW_SUBTITLES_H_
