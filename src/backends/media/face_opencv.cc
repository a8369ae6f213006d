#include "backends/media/face_opencv.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "vsa/error.h"
#include "yunet.h"

namespace vsa {
namespace {

// The detector looks at frames shrunk to this longer side: bench/detector.md
// says what that costs and gains.
constexpr int kDetectorSide = 416;
// It fails on pictures smaller than about 100 pixels: they are padded.
constexpr int kDetectorSmallest = 160;
// Its outputs, in the order that YunetDecoder takes them.
const std::vector<std::string> kOutputs = {"loc", "conf", "iou"};

struct Face {
  cv::Rect2f box;  // in the frame's pixels
  float score;
};

// The frame's pixels, not copied.
cv::Mat View(const Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3,
                 const_cast<std::uint8_t*>(image.pixels.data()));
}

cv::Mat Resized(const cv::Mat& picture, cv::Size size) {
  if (picture.size() == size) return picture;
  const bool shrinks =
      size.width <= picture.cols && size.height <= picture.rows;
  cv::Mat resized;
  cv::resize(picture, resized, size, 0, 0,
             shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  return resized;
}

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

class FaceDetector {
 public:
  FaceDetector(const std::string& path, float threshold)
      : path_(path), threshold_(threshold) {
    try {
      network_ = cv::dnn::readNetFromONNX(path);
    } catch (const cv::Exception&) {
      FailToLoad();
    }
    const std::vector<std::string> names =
        network_.getUnconnectedOutLayersNames();
    for (const std::string& output : kOutputs) {
      if (std::find(names.begin(), names.end(), output) == names.end())
        FailToLoad();
    }
  }

  std::vector<Face> Detect(const cv::Mat& frame) {
    const double scale = std::min(1.0, static_cast<double>(kDetectorSide) /
                                           std::max(frame.cols, frame.rows));
    cv::Mat picture = frame;
    if (scale < 1) {
      picture = Shrunk(
          frame,
          {std::max(1, static_cast<int>(std::lround(frame.cols * scale))),
           std::max(1, static_cast<int>(std::lround(frame.rows * scale)))});
    }
    const int right = std::max(0, kDetectorSmallest - picture.cols),
              bottom = std::max(0, kDetectorSmallest - picture.rows);
    if (right + bottom > 0) {
      cv::Mat padded;
      cv::copyMakeBorder(picture, padded, 0, bottom, 0, right,
                         cv::BORDER_CONSTANT);
      picture = padded;
    }
    std::vector<Face> faces;
    for (const FaceBox& box : Boxes(picture)) {
      const float back = static_cast<float>(1 / scale);
      faces.push_back(
          {{box.x * back, box.y * back, box.width * back, box.height * back},
           box.score});
    }
    return faces;
  }

 private:
  [[noreturn]] void FailToLoad() const {
    throw Error(ErrorKind::kSetup, path_ +
                                       ": cannot be loaded as a face detector; "
                                       "expected YuNet as ONNX (2022mar)");
  }

  std::vector<FaceBox> Boxes(const cv::Mat& picture) {
    if (decoder_.width() != picture.cols || decoder_.height() != picture.rows)
      decoder_ = YunetDecoder(picture.cols, picture.rows);
    network_.setInput(cv::dnn::blobFromImage(picture));
    std::vector<cv::Mat> outputs;
    network_.forward(outputs, kOutputs);
    const std::size_t rows = decoder_.rows();
    if (outputs[0].total() != 14 * rows || outputs[1].total() != 2 * rows ||
        outputs[2].total() != rows)
      FailToLoad();
    return decoder_.Decode(outputs[0].ptr<float>(), outputs[1].ptr<float>(),
                           outputs[2].ptr<float>(), threshold_);
  }

  std::string path_;
  float threshold_;
  cv::dnn::Net network_;
  YunetDecoder decoder_{0, 0};  // for the last picture's size
};

class FrameCropper {
 public:
  FrameCropper(const FrameSpec& spec, const std::string& detector)
      : spec_(spec) {
    if (spec.faces)
      detector_ = std::make_unique<FaceDetector>(
          detector, static_cast<float>(spec.threshold));
  }

  std::vector<Crop> Crops(const Image& image) {
    const cv::Mat frame = View(image);
    std::vector<Crop> crops;
    if (detector_ == nullptr) {
      const cv::Rect2f whole(0, 0, static_cast<float>(frame.cols),
                             static_cast<float>(frame.rows));
      crops.push_back(MakeCrop(frame, {whole, 1}, 1));
      return crops;
    }
    const std::vector<Face> faces = UsedFaces(detector_->Detect(frame));
    float area = 0;
    for (const Face& face : faces) area += face.box.area();
    for (const Face& face : faces)
      crops.push_back(
          MakeCrop(Square(frame, face.box), face, face.box.area() / area));
    return crops;
  }

 private:
  // The largest ones, in an order that does not depend on the detector's.
  std::vector<Face> UsedFaces(std::vector<Face> faces) const {
    const auto too_small = [this](const Face& face) {
      return std::min(face.box.width, face.box.height) <
             static_cast<float>(std::max(1, spec_.smallest_face));
    };
    faces.erase(std::remove_if(faces.begin(), faces.end(), too_small),
                faces.end());
    std::sort(faces.begin(), faces.end(), [](const Face& a, const Face& b) {
      if (a.box.area() != b.box.area()) return a.box.area() > b.box.area();
      return a.box.x != b.box.x ? a.box.x < b.box.x : a.box.y < b.box.y;
    });
    faces.resize(std::min<std::size_t>(faces.size(), spec_.faces_per_frame));
    return faces;
  }

  // The square around a face with its margin, from the frame's border pixels
  // where it lies outside.
  cv::Mat Square(const cv::Mat& frame, const cv::Rect2f& box) const {
    const double exact =
        std::max(box.width, box.height) * (1 + 2 * spec_.margin);
    const int side = std::max(1, static_cast<int>(std::lround(exact)));
    const int x =
        static_cast<int>(std::lround(box.x + box.width / 2 - side / 2.0));
    const int y =
        static_cast<int>(std::lround(box.y + box.height / 2 - side / 2.0));
    // At least one pixel of the frame, even for a box that lies all outside.
    const int left = std::clamp(x, 0, frame.cols - 1),
              right = std::clamp(x + side, left + 1, frame.cols);
    const int top = std::clamp(y, 0, frame.rows - 1),
              bottom = std::clamp(y + side, top + 1, frame.rows);
    const cv::Mat inside =
        frame(cv::Range(top, bottom), cv::Range(left, right));
    const int lack_left = std::clamp(left - x, 0, side - inside.cols),
              lack_top = std::clamp(top - y, 0, side - inside.rows);
    cv::Mat square;
    cv::copyMakeBorder(inside, square, lack_top, side - inside.rows - lack_top,
                       lack_left, side - inside.cols - lack_left,
                       cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
    return square;
  }

  Crop MakeCrop(cv::Mat picture, const Face& face, float weight) const {
    if (spec_.shrink_first > 0 &&
        std::min(picture.cols, picture.rows) > spec_.shrink_first) {
      picture = Resized(picture, {spec_.shrink_first, spec_.shrink_first});
    }
    picture = Resized(picture, {spec_.size, spec_.size});
    Crop crop;
    crop.image.width = crop.image.height = spec_.size;
    crop.image.pixels.resize(static_cast<std::size_t>(spec_.size) * spec_.size *
                             3);
    cv::Mat rgb = View(crop.image);
    cv::cvtColor(picture, rgb, cv::COLOR_BGR2RGB);
    crop.weight = weight;
    crop.x = face.box.x;
    crop.y = face.box.y;
    crop.width = face.box.width;
    crop.height = face.box.height;
    crop.score = face.score;
    return crop;
  }

  FrameSpec spec_;
  std::unique_ptr<FaceDetector> detector_;  // null for whole frames
};

}  // namespace

std::function<std::vector<Crop>(const Frame&)> MakeCropper(
    const FrameSpec& spec, const std::string& detector) {
  const auto cropper = std::make_shared<FrameCropper>(spec, detector);
  return [cropper](const Frame& frame) {
    try {
      return cropper->Crops(frame.image);
    } catch (const cv::Exception& error) {
      throw Error(ErrorKind::kInternal, "finding faces failed: " + error.err);
    }
  };
}

}  // namespace vsa
