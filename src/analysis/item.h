// One video and how to look at it.
#ifndef VSA_ANALYSIS_ITEM_H_
#define VSA_ANALYSIS_ITEM_H_

#include <optional>
#include <string>

#include "vsa/video.h"

namespace vsa {

// Whether speech is heard: where there are no other words, never, or instead of
// sidecars and tracks.
enum class Transcribe { kAuto, kNever, kAlways };

// All that can change a result is part of the key in batch_item.cc.
struct Item {
  std::string video;                     // path
  std::optional<std::string> id;         // handed through to the result
  std::optional<std::string> date;       // likewise
  std::optional<std::string> subtitles;  // path; else a sidecar is looked for
  bool no_subtitles = false;
  std::optional<std::string> track;    // text track: its index or language
  std::optional<std::string> danmaku;  // path; else a sidecar is looked for
  std::string encoding;                // of the subtitles; empty: detected
  std::string language;  // of the words; empty: the model's, of speech any
  Transcribe transcribe = Transcribe::kAuto;
  std::optional<int> audio_track;  // that is heard; empty: the likeliest
  // Said from start to end, instead of subtitles: the video is one segment.
  std::optional<std::string> words;
  Sampling sampling;
  bool explain = false;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_ITEM_H_
