#include "video/probe.h"

#include <algorithm>
#include <cmath>

namespace vsa {

int PictureShape::rotation() const {
  if (transposed) return flipped_x ? 90 : 270;
  return flipped_y ? 180 : 0;
}

int ShownWidth(int width, double pixel_aspect) {
  return std::max(1, static_cast<int>(std::lround(width * pixel_aspect)));
}

}  // namespace vsa
