// The seam to the text tracks inside videos: which there are, and their
// captions as they are stored.
#ifndef VSA_TEXT_TRACK_H_
#define VSA_TEXT_TRACK_H_

#include <functional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct TextTrack {
  int index = 0;         // among all streams of the file, as FFmpeg counts
  std::string codec;     // FFmpeg's name: "mov_text", "subrip", …
  std::string language;  // as the file names it; empty if it does not
  std::string title;
  bool is_default = false;
  bool forced = false;   // only what another language in the film needs
  bool comment = false;  // about the video, not what is said in it
  bool text = true;      // else it is pictures of text, or of no known kind
};

struct TrackCaption {
  Time start{0};
  Time end{0};       // Time::max() if the file does not say
  std::string text;  // bytes, with the codec's markup
};

struct TrackText {
  std::vector<TrackCaption> captions;  // in the order of the file
  bool whole = true;  // else it breaks off, or was too much to read
};

// Both throw Error (kInput) if the file cannot be opened. Safe to call from
// several threads.
struct TextTrackReader {
  std::function<std::vector<TextTrack>(const std::string& path)> list;
  std::function<TrackText(const std::string& path, int index)> read;
};

}  // namespace vsa

#endif  // VSA_TEXT_TRACK_H_
