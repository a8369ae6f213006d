// Where a video's words come from: a file that was named, a sidecar beside the
// video, or nowhere.
#ifndef VSA_SUBTITLE_SOURCE_H_
#define VSA_SUBTITLE_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct SubtitleRequest {
  std::optional<std::string> path;  // --subs; else a sidecar is looked for
  bool none = false;                // --no-subs
  std::string encoding;             // --encoding; empty: detected
  std::optional<Time> duration;     // of the video, for text without times
};

struct SubtitleSource {
  std::string source = "none";  // "option", "sidecar" or "none"
  std::string path;             // the rest is empty for "none"
  std::string format;
  std::string encoding;
  double confidence = 0;  // of the detected encoding, 0..1
  std::vector<Cue> cues;
  std::vector<Warning> warnings;
};

// One subtitle file. Throws Error (kInput) if it cannot be read, is larger than
// 100 MB or holds no subtitles, kUsage for an unknown encoding. Of a file in
// several languages one of `languages` is read. Text without times is spread
// over `duration`, each line by its length, or has 3 s a line where that is not
// known, with a warning (subtitle_times_guessed).
SubtitleSource ReadSubtitleFile(const std::string& path,
                                const std::string& encoding,
                                const std::vector<std::string>& languages,
                                const std::optional<Time>& duration);

// The subtitles of a video. A file that was asked for and cannot be read
// throws; a sidecar that cannot be used is a warning (sidecar_unusable) and the
// next one is tried. `languages` are the bundle's.
SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const std::vector<std::string>& languages);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SOURCE_H_
