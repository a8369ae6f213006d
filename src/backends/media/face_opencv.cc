#include "backends/media/face_opencv.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "backends/media/face_detector_opencv.h"
#include "vsa/error.h"

namespace vsa {
namespace {

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

float Area(const FoundFace& face) { return face.width * face.height; }

class FrameCropper {
 public:
  FrameCropper(const FrameSpec& spec, const std::string& path,
               const std::string& detector)
      : spec_(spec) {
    if (spec.faces)
      detector_ = std::make_unique<FaceDetector>(
          path, detector, static_cast<float>(spec.threshold));
  }

  std::vector<Crop> Crops(const Image& image) {
    const cv::Mat frame = View(image);
    std::vector<Crop> crops;
    if (detector_ == nullptr) {
      const FoundFace whole = {0, 0, static_cast<float>(frame.cols),
                               static_cast<float>(frame.rows), 1};
      crops.push_back(MakeCrop(frame, whole, 1));
      return crops;
    }
    const std::vector<FoundFace> faces = UsedFaces(detector_->Detect(frame));
    float area = 0;
    for (const FoundFace& face : faces) area += Area(face);
    for (const FoundFace& face : faces)
      crops.push_back(MakeCrop(Square(frame, face), face, Area(face) / area));
    return crops;
  }

 private:
  // The largest ones, in an order that does not depend on the detector's.
  std::vector<FoundFace> UsedFaces(std::vector<FoundFace> faces) const {
    const auto too_small = [this](const FoundFace& face) {
      return std::min(face.width, face.height) <
             static_cast<float>(std::max(1, spec_.smallest_face));
    };
    faces.erase(std::remove_if(faces.begin(), faces.end(), too_small),
                faces.end());
    std::sort(faces.begin(), faces.end(),
              [](const FoundFace& a, const FoundFace& b) {
                if (Area(a) != Area(b)) return Area(a) > Area(b);
                return a.x != b.x ? a.x < b.x : a.y < b.y;
              });
    faces.resize(std::min<std::size_t>(faces.size(), spec_.faces_per_frame));
    return faces;
  }

  // The square around a face with its margin, from the frame's border pixels
  // where it lies outside.
  cv::Mat Square(const cv::Mat& frame, const FoundFace& face) const {
    const double exact =
        std::max(face.width, face.height) * (1 + 2 * spec_.margin);
    const int side = std::max(1, static_cast<int>(std::lround(exact)));
    const int x =
        static_cast<int>(std::lround(face.x + face.width / 2 - side / 2.0));
    const int y =
        static_cast<int>(std::lround(face.y + face.height / 2 - side / 2.0));
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

  Crop MakeCrop(cv::Mat picture, const FoundFace& face, float weight) const {
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
    crop.x = face.x;
    crop.y = face.y;
    crop.width = face.width;
    crop.height = face.height;
    crop.score = face.score;
    return crop;
  }

  FrameSpec spec_;
  std::unique_ptr<FaceDetector> detector_;  // null for whole frames
};

}  // namespace

std::function<std::vector<Crop>(const Frame&)> MakeCropper(
    const FrameSpec& spec, const std::string& path,
    const std::string& detector) {
  const auto cropper = std::make_shared<FrameCropper>(spec, path, detector);
  return [cropper](const Frame& frame) {
    try {
      return cropper->Crops(frame.image);
    } catch (const cv::Exception& error) {
      throw Error(ErrorKind::kInternal, "finding faces failed: " + error.err);
    }
  };
}

}  // namespace vsa
