// The seam to video decoders: a video's sampled frames, pulled in order.
#ifndef VSA_VIDEO_H_
#define VSA_VIDEO_H_

#include <optional>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// Which frames are asked for: the first one at or after each time k / fps, k =
// 0, 1, …; one that is the first for several k is given once.
struct Sampling {
  double fps = 2;           // frames sampled per second of video
  Time start{0};            // only frames at or after it …
  std::optional<Time> end;  // … and before it
  bool keyframes = false;   // only frames that need no other to be decoded
};

class VideoReader {
 public:
  virtual ~VideoReader() = default;

  virtual const VideoInfo& info() const = 0;  // until Next is called

  // Reads on to the next sampled frame. False when the pictures, or the asked
  // stretch, are at their end. Frames are strictly later than those before
  // them. Not safe to call from several threads at once.
  virtual bool Next(Frame* frame) = 0;

  // Where the last frame read so far stops being shown; once Next was false and
  // nothing more was asked for, the end of the pictures.
  virtual Time end() const = 0;

  // Once Next was false and nothing more was asked for: where both pictures and
  // sound end.
  virtual Time media_end() const { return end(); }

  // What was odd so far (codes video_tail_unreadable, …). Complete once Next
  // was false.
  virtual const std::vector<Warning>& warnings() const = 0;
};

}  // namespace vsa

#endif  // VSA_VIDEO_H_
