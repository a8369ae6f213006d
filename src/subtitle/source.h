// Where a video's words come from: a file or a text track that was named, a
// sidecar beside the video, a text track inside it, or nowhere.
#ifndef VSA_SUBTITLE_SOURCE_H_
#define VSA_SUBTITLE_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "vsa/text_track.h"
#include "vsa/types.h"

namespace vsa {

// The languages of each bundle that may judge ("en"), in the order in which the
// bundles are tried.
using BundleLanguages = std::vector<std::vector<std::string>>;

struct SubtitleRequest {
  std::optional<std::string> path;   // --subs; else a sidecar is looked for
  bool none = false;                 // --no-subs
  std::optional<std::string> track;  // --track: its index or its language
  std::string encoding;              // --encoding; empty: detected
  std::optional<Time> duration;      // of the video, for text without times
  std::optional<double> frame_rate;  // of the video, for times in its frames
  // NamesBeside the video (sidecar.h), where they were read before.
  const std::vector<std::string>* names = nullptr;
  std::string language;  // --language; empty: those of the model
  // Whether SubtitleSource has those candidates, too, that come after the one
  // that is taken.
  bool list_all = false;
};

// A file or a track that could give a video its words.
struct SubtitleCandidate {
  std::string source;  // "sidecar" or "embedded"
  std::string path;
  std::optional<int> track;
  // Why it is not taken; empty if it is, or if it was not looked at because one
  // before it is.
  std::string refused;
};

struct SubtitleSource {
  // "option", "sidecar", "embedded", "speech" or "none".
  std::string source = "none";
  std::string path;          // the rest is empty for "none"
  std::string name;          // for messages: `path`, and which track of it
  std::optional<int> track;  // of "embedded": its index …
  // … and what the file calls its language; of "sidecar" the tag of its name,
  // if that is one language; of "speech" what the recogniser says.
  std::string language;
  std::string format;
  std::string encoding;
  double confidence = 0;  // of the detected encoding, 0..1
  std::vector<Cue> cues;
  std::vector<Warning> warnings;
  bool forced = false;
  // Where a sidecar or a track was looked for: in the order of the search.
  std::vector<SubtitleCandidate> candidates;
};

// The subtitles of a video: of `request` the file, else the track; else the
// first with words of the sidecars (sidecar.h), then of the tracks. Wanted is
// the language of the request, then those of the first bundle, then those of
// any. Tracks come in this order, those that name no language as the second;
// others are a warning (subtitle_language), and so is what is not in the
// language of the request; of equals the default one; tracks that are comments,
// by their flag or title, after all of these, and at last what is forced
// (warning subtitle_forced). What was asked for and cannot be read, is larger
// than 100 MB or holds no subtitles throws Error (kInput), an unknown encoding
// kUsage; what else cannot be used is a warning (sidecar_unusable,
// track_unusable), and so is a file without words (subtitle_empty). Of a file
// in several languages the most wanted is read. Text without times is spread
// over the duration, each line by its length, or has 3 s a line where that is
// not known (warning subtitle_times_guessed).
SubtitleSource ReadSubtitles(const std::string& video,
                             const SubtitleRequest& request,
                             const BundleLanguages& bundles,
                             const TextTrackReader& tracks);

// The words of a video that were heard, `srt`, as if they were a file's.
SubtitleSource ReadHeardWords(const std::string& video, const std::string& srt,
                              const std::string& language);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SOURCE_H_
