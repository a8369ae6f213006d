// Small pictures of frames as JPEG.
#ifndef VSA_BACKENDS_MEDIA_JPEG_OPENCV_H_
#define VSA_BACKENDS_MEDIA_JPEG_OPENCV_H_

#include <string>

#include "vsa/types.h"

namespace vsa {

// The bytes of a JPEG of `frame`, shrunk so that its longer side is at most
// 360 pixels. Throws Error (kInternal) if OpenCV fails.
std::string EncodeSmallJpeg(const Frame& frame);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_JPEG_OPENCV_H_
