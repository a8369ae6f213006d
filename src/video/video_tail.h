// Where pictures end, and whether that is early.
#ifndef VSA_VIDEO_VIDEO_TAIL_H_
#define VSA_VIDEO_VIDEO_TAIL_H_

#include <optional>
#include <string>

#include "video/probe.h"
#include "vsa/types.h"

namespace vsa {

struct VideoTail {
  Time end{0};
  std::optional<Warning> warning;
};

// Of the pictures of the file at `path`, read to their end. `end` is summed up
// from rounded steps; the tail's is what the headers declare where that is the
// same but for the rounding. The warning, video_tail_unreadable: they are
// clearly fewer than declared; or video_too_long, of which there is more than
// kLongestVideo.
VideoTail FindTail(const std::string& path, Time end, const VideoProbe& probe);

// For a file of which none of the `pictures` ("pictures", "keyframes") could be
// decoded: throws Error (kInput).
[[noreturn]] void FailWithoutPictures(const std::string& path,
                                      const char* pictures,
                                      const VideoProbe& probe);

}  // namespace vsa

#endif  // VSA_VIDEO_VIDEO_TAIL_H_
