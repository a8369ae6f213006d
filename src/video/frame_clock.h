// When the frames of a video are shown.
#ifndef VSA_VIDEO_FRAME_CLOCK_H_
#define VSA_VIDEO_FRAME_CLOCK_H_

#include <cstddef>
#include <deque>
#include <optional>

#include "vsa/types.h"

namespace vsa {

// A frame's time where the decoder knows it, a likely one where it does not:
// times are missing for some frames of many files, throughout in some, and jump
// back or absurdly far ahead in damaged ones.
class FrameClock {
 public:
  static constexpr std::size_t kSteps = 15;  // that a likely time goes by

  // `start` is that of the first frame, if nothing better is known.
  FrameClock(Time start, std::optional<double> frame_rate);

  // The first frame of all to be told is one at `time`, which is right.
  void StartAt(Time time);

  // The time of the next frame, later than all before it. `read` is what the
  // decoder says, if anything. One that is kLongestStill ahead or more is only
  // believed if it is at most `known`, up to where the file is known to go.
  Time Tick(std::optional<Time> read, Time known);

  // For how long a frame is likely to be shown: the median of the last known
  // steps. At most kLongestStill (sampling.h).
  Time TypicalStep() const;

  // Where the last frame stops being shown.
  Time End() const { return frames_ == 0 ? Time(0) : last_ + TypicalStep(); }

  long long frames() const { return frames_; }

 private:
  Time start_;
  Time declared_step_ = std::chrono::milliseconds(40);
  Time last_{0};
  long long frames_ = 0;
  std::deque<Time> steps_;
};

}  // namespace vsa

#endif  // VSA_VIDEO_FRAME_CLOCK_H_
