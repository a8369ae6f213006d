// Turns a decoded picture into the one that is shown.
#ifndef VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_
#define VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_

#include <cstddef>
#include <cstdint>

#include "video/probe.h"
#include "vsa/types.h"

namespace vsa {

// A copy of BGR pixels, whose rows are `stride` bytes apart, as `shape` shows
// them.
Image Upright(const std::uint8_t* pixels, int width, int height,
              std::size_t stride, const PictureShape& shape);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_UPRIGHT_OPENCV_H_
