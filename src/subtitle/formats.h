// What the readers of the subtitle formats share: their input, their output,
// and how a time is written.
#ifndef VSA_SUBTITLE_FORMATS_H_
#define VSA_SUBTITLE_FORMATS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// A caption as its file shows it: cleaned lines, not yet one text, because
// rolling captions are told by their lines.
struct RawCue {
  Time start{0};
  Time end{0};                     // > start, or kOpenEnd
  std::vector<std::string> lines;  // may be empty
  int line = 0;                    // of the file, from 1
};

// The end of a caption whose file says only when it starts.
constexpr Time kOpenEnd = Time::max();

struct RawSubtitles {
  std::vector<RawCue> cues;  // in the order of the file
  std::vector<Warning> warnings;
};

// What tells the formats apart that are blocks around a line of times.
enum class Blocks { kSubRip, kWebVtt, kSbv };

// All never fail. These take the file's lines without their ends, …
RawSubtitles ParseBlocks(const std::string& path,
                         const std::vector<std::string_view>& lines,
                         Blocks format);
RawSubtitles ParseAss(const std::string& path,
                      const std::vector<std::string_view>& lines);
RawSubtitles ParseLrc(const std::string& path,
                      const std::vector<std::string_view>& lines);
// An utterance a line, 3 s each.
RawSubtitles ParsePlain(const std::vector<std::string_view>& lines);
// … and these its whole text. Of captions in several languages they keep one of
// `languages`, else the first.
RawSubtitles ParseTtml(const std::string& path, const std::string& utf8,
                       const std::vector<std::string>& languages);
RawSubtitles ParseSami(const std::string& path, std::string_view utf8,
                       const std::vector<std::string>& languages);

// Reads "[h:]m:s[,.]fraction", or "s.fraction", from the front of `*text` and
// removes it. Tolerates spaces around ':' and a minus sign before any figure,
// which makes the whole time negative. Nothing is removed where there is none.
std::optional<Time> TakeTime(std::string_view* text);

struct TimeSpan {
  Time start{0};
  Time end{0};
};

// Reads a line "TIME --> TIME …" of SubRip or WebVTT; nothing if it is none.
std::optional<TimeSpan> ParseTimeLine(std::string_view line);

// Reads a line "TIME,TIME" of SBV; nothing if it is none.
std::optional<TimeSpan> ParseSbvLine(std::string_view line);

// Whether a line begins with a time of LRC, "[mm:ss.xx]".
bool IsLrcLine(std::string_view line);

// Gives every cue with kOpenEnd an end: the start of the next one, or 10 s
// after its own if that comes first. Cues are in the order of time.
void EndOpenCues(std::vector<RawCue>* cues);

// False if the times of `*cue` can be neither used nor repaired. Adds a warning
// to `out` unless they are sound.
bool RepairTimes(const std::string& path, RawCue* cue, RawSubtitles* out);

// Adds a cue to `out` if its times can be used or repaired.
void AddCue(const std::string& path, RawCue cue, RawSubtitles* out);

void AddWarning(const std::string& path, int line, const std::string& code,
                const std::string& what, RawSubtitles* out);

}  // namespace vsa

#endif  // VSA_SUBTITLE_FORMATS_H_
