// Pictures as PNG files.
#ifndef VSA_BACKENDS_MEDIA_PNG_OPENCV_H_
#define VSA_BACKENDS_MEDIA_PNG_OPENCV_H_

#include <string>

#include "vsa/types.h"

namespace vsa {

// The bytes of a PNG of `rgb`, whose channels are red, green, blue. Throws
// Error (kInternal) if OpenCV fails.
std::string EncodePng(const Image& rgb);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_PNG_OPENCV_H_
