// Chooses the face detector's picture size and threshold, and the margin of a
// bundle: detector.md holds the outcome.
//
//   detector_bench DETECTOR.onnx FER.raw VIDEO...
//
// FER.raw: 48x48 grey faces one after the other. VIDEO...: without any face;
// their frames are the negatives and the backgrounds that the faces are pasted
// on.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "backends/media/face_opencv.h"
#include "backends/media/libraries.h"
#include "backends/media/video_libav.h"
#include "base/file.h"

namespace {

constexpr int kFer = 48;
constexpr int kFaces = 120;
const std::vector<double> kThresholds = {.5, .6, .7, .8, .85, .9, .95};

using Cropper = std::function<std::vector<vsa::Crop>(const vsa::Frame&)>;

vsa::Frame FrameOf(const cv::Mat& picture) {
  vsa::Frame frame;
  frame.image = {picture.cols, picture.rows, {}};
  frame.image.pixels.resize(picture.total() * 3);
  picture.copyTo(
      cv::Mat(picture.rows, picture.cols, CV_8UC3, frame.image.pixels.data()));
  return frame;
}

std::vector<cv::Mat> ReadFrames(const std::string& path) {
  vsa::Sampling sampling;
  sampling.fps = 1;
  const auto reader = vsa::OpenVideo(path, sampling);
  std::vector<cv::Mat> frames;
  vsa::Frame frame;
  while (reader->Next(&frame)) {
    const cv::Mat picture(frame.image.height, frame.image.width, CV_8UC3,
                          frame.image.pixels.data());
    cv::Mat large;
    cv::resize(picture, large, {1280, 720}, 0, 0, cv::INTER_AREA);
    frames.push_back(large);
  }
  return frames;
}

void Print(const char* what, int side, const std::vector<double>& scores,
           double of) {
  std::printf("| %d | %s |", side, what);
  for (double threshold : kThresholds) {
    const auto hits =
        std::count_if(scores.begin(), scores.end(),
                      [=](double score) { return score >= threshold; });
    std::printf(" %.1f |", 100.0 * static_cast<double>(hits) / of);
  }
  std::printf("\n");
}

// Scores of the boxes whose middle lies in `face`: the best of them, or 0.
double BestScore(const std::vector<vsa::Crop>& crops, double scale,
                 const cv::Rect& face) {
  double best = 0;
  for (const vsa::Crop& crop : crops) {
    const cv::Point middle(
        static_cast<int>((crop.x + crop.width / 2) / scale),
        static_cast<int>((crop.y + crop.height / 2) / scale));
    if (face.contains(middle))
      best = std::max(best, static_cast<double>(crop.score));
  }
  return best;
}

cv::Mat Shrunk(const cv::Mat& frame, double scale) {
  cv::Mat small;
  cv::resize(frame, small, {}, scale, scale, cv::INTER_AREA);
  return small;
}

// How FER's own framing lies to the detector's box: medians over faces in a
// grey surround.
void PrintMargin(const Cropper& crop, const std::vector<cv::Mat>& faces) {
  std::vector<double> margins, downs, rights;
  for (const cv::Mat& face : faces) {
    cv::Mat large, surround(320, 320, CV_8UC3, cv::Scalar(128, 128, 128));
    cv::resize(face, large, {144, 144}, 0, 0, cv::INTER_CUBIC);
    cv::copyMakeBorder(large, surround, 88, 88, 88, 88, cv::BORDER_REPLICATE);
    const std::vector<vsa::Crop> crops = crop(FrameOf(surround));
    if (crops.empty() || crops[0].score < .8) continue;
    const double side = std::max(crops[0].width, crops[0].height);
    margins.push_back((144 / side - 1) / 2);
    downs.push_back((160 - crops[0].y - crops[0].height / 2) / side);
    rights.push_back((160 - crops[0].x - crops[0].width / 2) / side);
  }
  for (auto* values : {&margins, &downs, &rights})
    std::sort(values->begin(), values->end());
  const auto at = [](const std::vector<double>& values, double share) {
    return values.empty()
               ? NAN
               : values[static_cast<std::size_t>(
                     share * static_cast<double>(values.size() - 1))];
  };
  std::printf(
      "\nFER's frame against the box, %zu faces: margin %.3f (quartiles %.3f "
      "to %.3f), its middle %.3f lower, %.3f to the right\n",
      margins.size(), at(margins, .5), at(margins, .25), at(margins, .75),
      at(downs, .5), at(rights, .5));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4)
    return std::fprintf(
               stderr,
               "usage: detector_bench DETECTOR.onnx FER.raw VIDEO...\n"),
           2;
  vsa::ConfigureLibraries();
  std::ifstream raw(argv[2], std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(raw), {}};
  std::vector<cv::Mat> faces;
  for (std::size_t at = 0; at + kFer * kFer <= bytes.size();
       at += kFer * kFer) {
    cv::Mat bgr;
    cv::cvtColor(cv::Mat(kFer, kFer, CV_8UC1, bytes.data() + at), bgr,
                 cv::COLOR_GRAY2BGR);
    faces.push_back(bgr);
  }
  std::vector<cv::Mat> frames;
  for (int i = 3; i < argc; ++i) {
    for (const cv::Mat& frame : ReadFrames(argv[i])) frames.push_back(frame);
  }
  vsa::FrameSpec spec;
  spec.size = kFer;
  spec.threshold = .5;
  spec.faces_per_frame = 50;
  const Cropper crop = vsa::MakeCropper(
      spec, argv[1], vsa::ReadFile(argv[1], vsa::ErrorKind::kSetup));

  std::printf(
      "%zu frames of 1280x720 without a face, %d pasted faces of each size; "
      "share in %% at threshold\n\n",
      frames.size(), kFaces);
  std::printf("| longer side | |");
  for (double threshold : kThresholds) std::printf(" %.2f |", threshold);
  std::printf("\n|---|---|---|---|---|---|---|---|---|\n");
  // 1280: shrunk by the cropper itself, as in the program.
  for (int side : {256, 320, 416, 512, 640, 1280}) {
    const double scale = side / 1280.0;
    std::vector<double> false_scores;
    const auto start = std::chrono::steady_clock::now();
    for (const cv::Mat& frame : frames) {
      const auto found = crop(FrameOf(Shrunk(frame, scale)));
      double best = 0;
      for (const vsa::Crop& face : found)
        best = std::max(best, static_cast<double>(face.score));
      false_scores.push_back(best);
    }
    const double ms = std::chrono::duration<double, std::milli>(
                          std::chrono::steady_clock::now() - start)
                          .count();
    Print(
        ("false (" +
         std::to_string(ms / static_cast<double>(frames.size())).substr(0, 4) +
         " ms)")
            .c_str(),
        side, false_scores, static_cast<double>(frames.size()));
    for (int size : {24, 36, 48, 72, 120, 200, 400}) {
      std::vector<double> scores;
      for (int i = 0; i < kFaces; ++i) {
        cv::Mat frame = frames[static_cast<std::size_t>(i * 7) % frames.size()]
                            .clone(),
                face;
        const cv::Rect place(40 + i * 37 % (1200 - size),
                             20 + i * 53 % (690 - size), size, size);
        cv::resize(faces[static_cast<std::size_t>(i) % faces.size()], face,
                   {size, size}, 0, 0,
                   size < kFer ? cv::INTER_AREA : cv::INTER_CUBIC);
        face.copyTo(frame(place));
        scores.push_back(
            BestScore(crop(FrameOf(Shrunk(frame, scale))), scale, place));
      }
      Print(("found, " + std::to_string(size) + " px").c_str(), side, scores,
            kFaces);
    }
  }
  PrintMargin(crop, faces);
}
