// How pictures are shown: the matrix and the pixels' aspect of a small MP4.
#include <algorithm>

#include "backends/media/libraries.h"
#include "backends/media/probe_libav.h"
#include "backends/media/video_libav.h"
#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  static const std::string video = [] {
    ConfigureLibraries();
    return Contents(VSA_SOURCE_DIR
                    "/tests/data/videos/warn_one_frame_of_63_years.mp4");
  }();
  constexpr std::size_t kMatrixBytes = 36, kAspectBytes = 8;
  const std::size_t header = video.find("tkhd"), pixels = video.find("pasp");
  Require(header != video.npos && pixels != video.npos, "the MP4 is as it was");
  std::string changed = video;
  std::copy_n(bytes.begin(), std::min(bytes.size(), kMatrixBytes),
              changed.begin() + static_cast<std::ptrdiff_t>(header) + 44);
  if (bytes.size() > kMatrixBytes)
    std::copy_n(bytes.begin() + kMatrixBytes,
                std::min(bytes.size() - kMatrixBytes, kAspectBytes),
                changed.begin() + static_cast<std::ptrdiff_t>(pixels) + 4);
  const std::string path = FileOf("a.mp4", changed);
  Allow({ErrorKind::kInput}, [&] {
    const VideoProbe probe = ProbeVideo(path);
    Require(probe.width > 0 && probe.height > 0, "pictures have a size");
    const int turned = probe.shape.rotation();
    Require(turned == 0 || turned == 90 || turned == 180 || turned == 270,
            "pictures are turned by right angles");
    const auto reader = OpenVideo(path, {});
    Frame frame;
    while (reader->Next(&frame)) {
      Require(frame.image.width == probe.width &&
                  frame.image.height == probe.height,
              "pictures have the size that was told");
    }
  });
}
