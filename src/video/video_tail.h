// Where pictures end, and whether that is early.
#ifndef VSA_VIDEO_VIDEO_TAIL_H_
#define VSA_VIDEO_VIDEO_TAIL_H_

#include <optional>
#include <string>

#include "video/probe.h"
#include "vsa/types.h"

namespace vsa {

// `end`, which was summed up from rounded steps, or what the headers declare
// where that is the same but for the rounding.
Time ExactEnd(Time end, const VideoProbe& probe);

// The warning video_tail_unreadable if the pictures of the file at `path`, read
// to their end at `end`, are clearly fewer than its headers declare.
std::optional<Warning> WarnOfTail(const std::string& path, Time end,
                                  const VideoProbe& probe);

}  // namespace vsa

#endif  // VSA_VIDEO_VIDEO_TAIL_H_
