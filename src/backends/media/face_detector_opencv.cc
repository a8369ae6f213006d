#include "backends/media/face_detector_opencv.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "vsa/error.h"

namespace vsa {
namespace {

// The network looks at pictures shrunk to this longer side: bench/detector.md
// says what that costs and gains.
constexpr int kLongerSide = 416;
// It fails on pictures smaller than about 100 pixels: they are padded.
constexpr int kSmallestSide = 160;

// In the order that YunetDecoder takes them.
const std::vector<std::string> kOutputs = {"loc", "conf", "iou"};

// Halved by area as often as it goes, the rest linear: by area alone OpenCV
// takes six times as long.
cv::Mat Shrunk(cv::Mat picture, cv::Size size) {
  while (picture.cols >= 2 * size.width && picture.rows >= 2 * size.height) {
    cv::Mat half;
    cv::resize(picture, half, picture.size() / 2, 0, 0, cv::INTER_AREA);
    picture = half;
  }
  cv::Mat shrunk;
  cv::resize(picture, shrunk, size, 0, 0, cv::INTER_LINEAR);
  return shrunk;
}

// With black at the right and the bottom, where it is small.
cv::Mat Padded(const cv::Mat& picture) {
  const int right = std::max(0, kSmallestSide - picture.cols),
            bottom = std::max(0, kSmallestSide - picture.rows);
  if (right + bottom == 0) return picture;
  cv::Mat padded;
  cv::copyMakeBorder(picture, padded, 0, bottom, 0, right, cv::BORDER_CONSTANT);
  return padded;
}

}  // namespace

FaceDetector::FaceDetector(const std::string& path, const std::string& bytes,
                           float threshold)
    : path_(path),
      threshold_(threshold),
      decoder_(kSmallestSide, kSmallestSide) {
  std::vector<std::string> outputs;
  try {
    network_ = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
    outputs = network_.getUnconnectedOutLayersNames();
  } catch (const cv::Exception&) {
    RefuseFile();
  }
  for (const std::string& name : kOutputs) {
    if (std::find(outputs.begin(), outputs.end(), name) == outputs.end())
      RefuseFile();
  }
}

std::vector<FoundFace> FaceDetector::Detect(const cv::Mat& picture) {
  const double scale = std::min(1.0, static_cast<double>(kLongerSide) /
                                         std::max(picture.cols, picture.rows));
  const auto scaled = [scale](int side) {
    return std::max(1, static_cast<int>(std::lround(side * scale)));
  };
  std::vector<FoundFace> faces = DetectAsItIs(Padded(
      scale < 1 ? Shrunk(picture, {scaled(picture.cols), scaled(picture.rows)})
                : picture));
  const float back = static_cast<float>(1 / scale);
  for (FoundFace& face : faces) {
    for (float* length : {&face.x, &face.y, &face.width, &face.height})
      *length *= back;
  }
  return faces;
}

std::vector<FoundFace> FaceDetector::DetectAsItIs(const cv::Mat& picture) {
  if (decoder_.width() != picture.cols || decoder_.height() != picture.rows)
    decoder_ = YunetDecoder(picture.cols, picture.rows);
  network_.setInput(cv::dnn::blobFromImage(picture));
  std::vector<cv::Mat> outputs;
  network_.forward(outputs, kOutputs);
  const std::size_t rows = decoder_.rows();
  if (outputs[0].total() != 14 * rows || outputs[1].total() != 2 * rows ||
      outputs[2].total() != rows)
    RefuseFile();
  return decoder_.Decode(outputs[0].ptr<float>(), outputs[1].ptr<float>(),
                         outputs[2].ptr<float>(), threshold_);
}

void FaceDetector::RefuseFile() const {
  throw Error(ErrorKind::kSetup, path_ +
                                     ": cannot be loaded as a face detector; "
                                     "expected YuNet as ONNX (2022mar)");
}

}  // namespace vsa
