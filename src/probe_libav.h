// What a video file's headers declare, without decoding it; tells files that
// hold no pictures from those that do.
#ifndef VSA_PROBE_LIBAV_H_
#define VSA_PROBE_LIBAV_H_

#include <optional>
#include <string>

#include "vsa/types.h"

struct AVFormatContext;

namespace vsa {

struct VideoProbe {
  std::string container;  // FFmpeg's names: "matroska,webm"
  std::string codec;      // "h264"
  int width = 0;          // as shown: after rotation
  int height = 0;
  int rotation = 0;  // degrees clockwise that make the stored pictures upright:
                     // 0, 90, 180 or 270
  bool sound = false;
  std::optional<double>
      frame_rate;  // frames per second; none if not declared or absurd
  std::optional<Time>
      duration;  // of the whole file; none if not declared or absurd
  std::optional<Time>
      picture_length;  // of the pictures alone, where the container says so
  std::optional<long long> frames;  // where the container says so
  Time start{0};  // of the first picture, on the clock that subtitles count by
};

// Reads the headers of a local file, whatever its name looks like. Throws Error
// (kInput) that says whether the file is missing, no file, unreadable, empty,
// no video at all, or one without pictures. Safe to call from several threads.
VideoProbe ProbeVideo(const std::string& path);

// The same of a file that is open (open_libav.h).
VideoProbe ProbeFormat(const AVFormatContext& format, const std::string& path);

}  // namespace vsa

#endif  // VSA_PROBE_LIBAV_H_
