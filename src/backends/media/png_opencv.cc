#include "backends/media/png_opencv.h"

#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "vsa/error.h"

namespace vsa {

std::string EncodePng(const Image& rgb) {
  try {
    cv::Mat bgr;
    cv::cvtColor(cv::Mat(rgb.height, rgb.width, CV_8UC3,
                         const_cast<std::uint8_t*>(rgb.pixels.data())),
                 bgr, cv::COLOR_RGB2BGR);
    std::vector<unsigned char> bytes;
    cv::imencode(".png", bgr, bytes);
    return {bytes.begin(), bytes.end()};
  } catch (const cv::Exception& error) {
    throw Error(ErrorKind::kInternal, "writing a PNG failed: " + error.err);
  }
}

}  // namespace vsa
