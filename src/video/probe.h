// What a video file's headers declare.
#ifndef VSA_VIDEO_PROBE_H_
#define VSA_VIDEO_PROBE_H_

#include <optional>
#include <string>

#include "vsa/types.h"

namespace vsa {

// How stored pictures are shown: first wider or narrower, then transposed
// (mirrored along the diagonal from the top left), then mirrored left to right
// and top to bottom.
struct PictureShape {
  double pixel_aspect = 1;  // width of a pixel by its height
  bool transposed = false;
  bool flipped_x = false;
  bool flipped_y = false;

  bool mirrored() const { return transposed != (flipped_x != flipped_y); }
  // In degrees clockwise, 0, 90, 180 or 270: what is shown is what is stored,
  // mirrored left to right if it is mirrored, and then turned.
  int rotation() const;
};

// The width at which pictures of `width` pixels are shown.
int ShownWidth(int width, double pixel_aspect);

struct VideoProbe {
  std::string container;  // FFmpeg's names: "matroska,webm"
  bool pictures = true;   // else it is sound alone, and the following is empty
  std::string codec;      // "h264"
  int width = 0;          // as shown
  int height = 0;
  PictureShape shape;
  bool sound = false;
  std::optional<double>
      frame_rate;  // frames per second; none if not declared or absurd
  std::optional<Time>
      duration;            // of the whole file; none if not declared or absurd
  bool estimated = false;  // it is guessed from packets, not declared
  std::optional<Time>
      picture_length;  // of the pictures alone, where the container says so
  std::optional<Time> picture_end;  // where they end, where it is declared
  bool too_long = false;  // the pictures go on after kLongestVideo, or are said
                          // to
  std::optional<long long> frames;  // where the container says so
  Time start{0};  // of the first picture, on the clock that subtitles count by
};

}  // namespace vsa

#endif  // VSA_VIDEO_PROBE_H_
