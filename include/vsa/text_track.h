// The seam to the text tracks inside videos: which there are, and their
// captions as they are stored; and to a decoder of CEA-608.
#ifndef VSA_TEXT_TRACK_H_
#define VSA_TEXT_TRACK_H_

#include <functional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct TextTrack {
  // Among all streams of the file, as FFmpeg counts; that of the pictures where
  // these carry the captions.
  int index = 0;
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

// Pairs of bytes of CEA-608, field 1, with their bits of parity: one a frame of
// NTSC from `time` on.
struct CaptionBytes {
  Time time{0};
  std::string pairs;
};

// The first two throw Error (kInput) if the file cannot be opened. Safe to call
// from several threads.
struct TextTrackReader {
  std::function<std::vector<TextTrack>(const std::string& path)> list;
  std::function<TrackText(const std::string& path, int index)> read;
  // What a screen shows of the bytes, which are in the order of their times; as
  // of a track whose codec is "eia_608".
  std::function<TrackText(const std::vector<CaptionBytes>& bytes)> decode_608;
};

}  // namespace vsa

#endif  // VSA_TEXT_TRACK_H_
