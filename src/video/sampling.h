// The clock of sampled frames: times k / fps.
#ifndef VSA_VIDEO_SAMPLING_H_
#define VSA_VIDEO_SAMPLING_H_

#include "vsa/types.h"

namespace vsa {

// A picture that seems to be shown for longer has a wrong time.
constexpr Time kLongestStill = std::chrono::hours(1);

// The first k / fps that is later than `time`, k = 0, 1, …
Time SampleAfter(Time time, double fps);

}  // namespace vsa

#endif  // VSA_VIDEO_SAMPLING_H_
