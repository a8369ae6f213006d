// Finds faces in a picture: YuNet, run by OpenCV's cv::dnn.
#ifndef VSA_BACKENDS_MEDIA_FACE_DETECTOR_OPENCV_H_
#define VSA_BACKENDS_MEDIA_FACE_DETECTOR_OPENCV_H_

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <string>
#include <vector>

#include "backends/media/yunet.h"

namespace vsa {

class FaceDetector {
 public:
  // `bytes`: YuNet (2022mar) as ONNX, the file at `path`. Faces that score
  // `threshold` or less are left out. Throws Error (kSetup) if they cannot be
  // used.
  FaceDetector(const std::string& path, const std::string& bytes,
               float threshold);

  // The faces of a BGR picture of any size, in its pixels, best first. Throws
  // cv::Exception if OpenCV fails. For one thread at a time.
  std::vector<FoundFace> Detect(const cv::Mat& picture);

 private:
  std::vector<FoundFace> DetectAsItIs(const cv::Mat& picture);
  [[noreturn]] void RefuseFile() const;

  std::string path_;
  float threshold_;
  cv::dnn::Net network_;
  YunetDecoder decoder_;  // for the last picture's size
};

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_FACE_DETECTOR_OPENCV_H_
