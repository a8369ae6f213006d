// The clock of sampled frames: times k / fps.
#ifndef VSA_VIDEO_SAMPLING_H_
#define VSA_VIDEO_SAMPLING_H_

#include "vsa/types.h"

namespace vsa {

// A picture that seems to be shown for longer has a wrong time, unless sound
// goes on meanwhile or the file is declared to be that long.
constexpr Time kLongestStill = std::chrono::hours(1);

// A longer one is read up to here: its times are those of a damaged file, and
// what is said of a video grows with its length.
constexpr Time kLongestVideo = std::chrono::hours(24 * 10);

// Sound whose times go back further begins again, as where files were joined:
// it is new, and goes on behind what came before. Else the same comes twice.
constexpr Time kLongestOverlap = std::chrono::seconds(1);

// The first k / fps that is later than `time`, k = 0, 1, …
Time SampleAfter(Time time, double fps);

}  // namespace vsa

#endif  // VSA_VIDEO_SAMPLING_H_
