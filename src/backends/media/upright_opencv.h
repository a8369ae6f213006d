// Turns a decoded picture upright.
#ifndef VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_
#define VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_

#include <cstddef>
#include <cstdint>

#include "vsa/types.h"

namespace vsa {

// A copy, turned clockwise by `rotation` degrees (0, 90, 180 or 270), of BGR
// pixels whose rows are `stride` bytes apart.
Image Upright(const std::uint8_t* pixels, int width, int height,
              std::size_t stride, int rotation);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_
