#include "backends/media/upright_opencv.h"

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace vsa {

Image Upright(const std::uint8_t* pixels, int width, int height,
              std::size_t stride, const PictureShape& shape) {
  // OpenCV has no view of constant pixels; these are only read.
  cv::Mat picture(height, width, CV_8UC3, const_cast<std::uint8_t*>(pixels),
                  stride);
  if (shape.pixel_aspect != 1) {
    cv::resize(picture, picture,
               cv::Size(ShownWidth(width, shape.pixel_aspect), height), 0, 0,
               cv::INTER_LINEAR);
  }
  Image image;
  image.width = shape.transposed ? picture.rows : picture.cols;
  image.height = shape.transposed ? picture.cols : picture.rows;
  image.pixels.resize(picture.total() * 3);
  cv::Mat upright(image.height, image.width, CV_8UC3, image.pixels.data());
  if (shape.transposed) {
    cv::transpose(picture, upright);
    picture = upright;
  }
  if (shape.flipped_x || shape.flipped_y) {
    const int axes = !shape.flipped_x ? 0 : shape.flipped_y ? -1 : 1;
    cv::flip(picture, upright, axes);
  } else if (!shape.transposed) {
    picture.copyTo(upright);
  }
  return image;
}

}  // namespace vsa
