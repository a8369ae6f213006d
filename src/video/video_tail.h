// Where pictures end, and whether that is early.
#ifndef VSA_VIDEO_VIDEO_TAIL_H_
#define VSA_VIDEO_VIDEO_TAIL_H_

#include <optional>
#include <string>

#include "video/probe.h"
#include "vsa/types.h"

namespace vsa {

// How far a file went that was read to its end.
struct ReadEnds {
  Time pictures{0};  // that could be decoded
  Time packets{0};   // of pictures, decoded or not
  Time media{0};     // of all that could be read
};

struct VideoTail {
  Time end{0};
  std::optional<Warning> warning;
};

// Of the pictures of the file at `path`. `read.pictures` is summed up from
// rounded steps; the tail's end is what the headers declare where that is the
// same but for the rounding. The warning, video_tail_unreadable: they end
// clearly before they should; or video_too_long, of which there is more than
// kLongestVideo.
VideoTail FindTail(const std::string& path, const ReadEnds& read,
                   const VideoProbe& probe);

// For a file of which none of the `pictures` ("pictures", "keyframes") could be
// decoded: throws Error (kInput).
[[noreturn]] void FailWithoutPictures(const std::string& path,
                                      const char* pictures,
                                      const VideoProbe& probe);

}  // namespace vsa

#endif  // VSA_VIDEO_VIDEO_TAIL_H_
