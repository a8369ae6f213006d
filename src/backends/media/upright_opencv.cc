#include "backends/media/upright_opencv.h"

#include <opencv2/core.hpp>

namespace vsa {

Image Upright(const std::uint8_t* pixels, int width, int height,
              std::size_t stride, int rotation) {
  // OpenCV has no view of constant pixels; these are only read.
  const cv::Mat stored(height, width, CV_8UC3,
                       const_cast<std::uint8_t*>(pixels), stride);
  Image image;
  const bool across = rotation % 180 != 0;
  image.width = across ? height : width;
  image.height = across ? width : height;
  image.pixels.resize(stored.total() * 3);
  cv::Mat upright(image.height, image.width, CV_8UC3, image.pixels.data());
  if (rotation == 0) {
    stored.copyTo(upright);
  } else {
    cv::rotate(stored, upright,
               rotation == 90    ? cv::ROTATE_90_CLOCKWISE
               : rotation == 180 ? cv::ROTATE_180
                                 : cv::ROTATE_90_COUNTERCLOCKWISE);
  }
  return image;
}

}  // namespace vsa
