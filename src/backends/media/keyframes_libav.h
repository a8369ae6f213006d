// Decodes the keyframes of videos alone, with FFmpeg: many times faster than
// every frame, which is what a long video waits for.
#ifndef VSA_BACKENDS_MEDIA_KEYFRAMES_LIBAV_H_
#define VSA_BACKENDS_MEDIA_KEYFRAMES_LIBAV_H_

#include <memory>
#include <string>

#include "vsa/video.h"

namespace vsa {

// A reader of a local file whose frames are keyframes; the times and pixels are
// those that OpenVideo (video_opencv.h) gives for them, the end is that of all
// pictures. Throws Error (kInput) as OpenVideo does. Safe to call from several
// threads; each reader belongs to one at a time.
std::unique_ptr<VideoReader> OpenKeyframes(const std::string& path,
                                           const Sampling& sampling);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_KEYFRAMES_LIBAV_H_
