#include "backends/media/jpeg_opencv.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kLongestSide = 360;
constexpr int kQuality = 75;

int Scaled(int length, double scale) {
  return std::max(1, static_cast<int>(std::lround(length * scale)));
}

}  // namespace

std::string EncodeSmallJpeg(const Frame& frame) {
  try {
    const Image& image = frame.image;
    cv::Mat picture(image.height, image.width, CV_8UC3,
                    const_cast<std::uint8_t*>(image.pixels.data()));
    const double scale =
        kLongestSide / std::max({image.width, image.height, 1});
    if (scale < 1) {
      cv::Mat small;
      cv::resize(picture, small,
                 {Scaled(image.width, scale), Scaled(image.height, scale)}, 0,
                 0, cv::INTER_AREA);
      picture = small;
    }
    std::vector<unsigned char> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality});
    return {bytes.begin(), bytes.end()};
  } catch (const cv::Exception& error) {
    throw Error(ErrorKind::kInternal, "writing a JPEG failed: " + error.err);
  }
}

}  // namespace vsa
