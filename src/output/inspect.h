// What vsa sees in a file: a video, subtitles, danmaku or a bundle, as one JSON
// line ("vsa.inspect/1").
#ifndef VSA_OUTPUT_INSPECT_H_
#define VSA_OUTPUT_INSPECT_H_

#include <functional>
#include <string>
#include <vector>

#include "model/bundle.h"
#include "model/speech_bundle.h"
#include "subtitle/source.h"
#include "video/probe.h"
#include "vsa/audio.h"
#include "vsa/text_track.h"

namespace vsa {

struct Inspector {
  std::string encoding;     // of subtitle files; empty: detected
  std::string language;     // of the words; empty: the model's
  BundleLanguages bundles;  // by which sidecars are chosen; may be empty
  std::function<VideoProbe(const std::string& path)> probe_video;
  TextTrackReader tracks;
  std::function<std::vector<SoundTrack>(const std::string& path)> list_sound;
  // Both throw Error if a bundle's code or tokens fail.
  std::function<void(const Bundle&)> check_bundle;
  std::function<void(const SpeechBundle&)> check_speech_bundle;
};

struct Inspection {
  std::string json;   // ends with a newline
  std::string error;  // one line; empty if the file is fine
};

// A folder, or a file named model.json or speech.json, is a bundle; a file with
// the extension or the content of subtitles is subtitles, one with the content
// of danmaku is that; all else is a video.
Inspection InspectFile(const std::string& path, const Inspector& inspector);

}  // namespace vsa

#endif  // VSA_OUTPUT_INSPECT_H_
