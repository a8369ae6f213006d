// What a video file's headers declare.
#ifndef VSA_VIDEO_PROBE_H_
#define VSA_VIDEO_PROBE_H_

#include <optional>
#include <string>

#include "vsa/types.h"

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
      picture_length;     // of the pictures alone, where the container says so
  bool too_long = false;  // the pictures go on after kLongestVideo, or are said
                          // to
  std::optional<long long> frames;  // where the container says so
  Time start{0};  // of the first picture, on the clock that subtitles count by
};

}  // namespace vsa

#endif  // VSA_VIDEO_PROBE_H_
