// Compares FaceDetector with OpenCV's FaceDetectorYN, which reads the same file
// until OpenCV 4.7: boxes and scores to the bit, and the time.
//
//   detector_agreement DETECTOR.onnx VIDEO...
//
// Exit code 1 if a box or a score differs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect/face.hpp>
#include <vector>

#include "backends/media/face_detector_opencv.h"
#include "backends/media/libraries.h"
#include "backends/media/video_libav.h"
#include "base/file.h"
#include "vsa/error.h"

namespace {

constexpr float kThreshold = 0.5f;  // under every bundle's, for more boxes
// FaceDetector looks at pictures of these longer sides as they are.
constexpr int kLongerSides[] = {416, 320, 243};

std::vector<vsa::FoundFace> DetectByOpenCv(cv::FaceDetectorYN* detector,
                                           const cv::Mat& picture) {
  detector->setInputSize(picture.size());
  cv::Mat rows;  // x, y, width, height, 5 points, score
  detector->detect(picture, rows);
  std::vector<vsa::FoundFace> faces;
  for (int i = 0; i < rows.rows; ++i) {
    const float* row = rows.ptr<float>(i);
    faces.push_back({row[0], row[1], row[2], row[3], row[14]});
  }
  return faces;
}

bool Equal(const std::vector<vsa::FoundFace>& a,
           const std::vector<vsa::FoundFace>& b) {
  return a.size() == b.size() &&
         (a.empty() ||
          std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0);
}

double Milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - since)
      .count();
}

struct Totals {
  int pictures = 0, faces = 0, different = 0;
  double ours_ms = 0, opencv_ms = 0;
};

void Compare(const cv::Mat& frame, vsa::FaceDetector* ours,
             cv::FaceDetectorYN* opencv, Totals* totals) {
  for (int side : kLongerSides) {
    const double scale =
        static_cast<double>(side) / std::max(frame.cols, frame.rows);
    cv::Mat picture;
    cv::resize(frame, picture, {}, scale, scale, cv::INTER_AREA);
    if (std::min(picture.cols, picture.rows) < 160) continue;
    // The network is set up anew for each size: that is not what is measured.
    ours->Detect(picture);
    DetectByOpenCv(opencv, picture);
    auto start = std::chrono::steady_clock::now();
    const std::vector<vsa::FoundFace> faces = ours->Detect(picture);
    totals->ours_ms += Milliseconds(start);
    start = std::chrono::steady_clock::now();
    const std::vector<vsa::FoundFace> expected =
        DetectByOpenCv(opencv, picture);
    totals->opencv_ms += Milliseconds(start);
    ++totals->pictures;
    totals->faces += static_cast<int>(expected.size());
    if (!Equal(faces, expected)) ++totals->different;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3)
    return std::fprintf(stderr,
                        "usage: detector_agreement DETECTOR.onnx VIDEO...\n"),
           2;
  vsa::ConfigureLibraries();
  vsa::FaceDetector ours(
      argv[1], vsa::ReadFile(argv[1], vsa::ErrorKind::kSetup), kThreshold);
  const auto opencv = cv::FaceDetectorYN::create(argv[1], "", {416, 416},
                                                 kThreshold, 0.3f, 200);
  Totals totals;
  for (int i = 2; i < argc; ++i) {
    vsa::Sampling sampling;
    sampling.fps = 2;
    try {
      const auto reader = vsa::OpenVideo(argv[i], sampling);
      vsa::Frame frame;
      while (reader->Next(&frame)) {
        Compare(cv::Mat(frame.image.height, frame.image.width, CV_8UC3,
                        frame.image.pixels.data()),
                &ours, opencv.get(), &totals);
      }
    } catch (const vsa::Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
  }
  std::printf(
      "%d pictures, %d faces, %d pictures differ; %.2f ms a picture, "
      "FaceDetectorYN %.2f ms\n",
      totals.pictures, totals.faces, totals.different,
      totals.ours_ms / totals.pictures, totals.opencv_ms / totals.pictures);
  return totals.different == 0 ? 0 : 1;
}
