// Decodes videos with OpenCV and FFmpeg, in order, converting only the sampled
// frames.
#ifndef VSA_BACKENDS_MEDIA_VIDEO_OPENCV_H_
#define VSA_BACKENDS_MEDIA_VIDEO_OPENCV_H_

#include <memory>
#include <string>

#include "vsa/video.h"

namespace vsa {

// Makes OpenCV and FFmpeg print nothing, and one call of OpenCV use one thread:
// ours run side by side (the decoder's threads are its own and stay). Call
// once, before any thread is started.
void ConfigureOpenCv();

// A reader of a local file, whatever its name looks like. Throws Error (kInput)
// if it cannot be used as a video; so does Next if not one picture can be
// decoded. Times count from the start of the file. Safe to call from several
// threads; each reader belongs to one at a time.
std::unique_ptr<VideoReader> OpenVideo(const std::string& path,
                                       const Sampling& sampling);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_VIDEO_OPENCV_H_
