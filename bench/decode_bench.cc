// Decoding alone, the limit of a whole run: OpenCV's grab() over all frames and
// retrieve() of two a second. Usage: decode_bench VIDEO. Prints one JSON line.
#include <chrono>
#include <cstdio>
#include <opencv2/videoio.hpp>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: decode_bench VIDEO\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  cv::VideoCapture video(argv[1], cv::CAP_FFMPEG);
  const int step =
      std::max(1, static_cast<int>(video.get(cv::CAP_PROP_FPS) / 2));
  int frames = 0;
  cv::Mat picture;
  while (video.grab()) {
    if (frames++ % step == 0) video.retrieve(picture);
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  std::printf(
      "{\"frames\": %d, \"seconds\": %.3f, \"frames_per_second\": %.0f}\n",
      frames, seconds, frames / seconds);
  return frames > 0 ? 0 : 1;
}
