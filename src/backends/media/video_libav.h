// Decodes videos with FFmpeg, in order, converting only the sampled frames.
#ifndef VSA_BACKENDS_MEDIA_VIDEO_LIBAV_H_
#define VSA_BACKENDS_MEDIA_VIDEO_LIBAV_H_

#include <memory>
#include <string>

#include "vsa/video.h"

namespace vsa {

// A reader of a local file, whatever its name looks like. With
// sampling.keyframes only those are decoded, which is many times faster; their
// times and pixels are those that they have among all frames. A file of sound
// alone, or one whose pictures cannot be decoded beside sound that is there
// (warning pictures_unreadable), has no frames. Throws Error (kInput) if it
// cannot be used as a video; so does Next if not one picture can be decoded and
// there is no sound. Times count from the start of the file. Safe to call from
// several threads; each reader belongs to one at a time.
std::unique_ptr<VideoReader> OpenVideo(const std::string& path,
                                       const Sampling& sampling);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_VIDEO_LIBAV_H_
