#include "thumbnails.h"

#include <algorithm>

#include "vsa/error.h"

namespace vsa {
namespace {

// A segment has about 20; a result that claims a longer one costs no more.
constexpr int kMostFrames = 40;

float LargestFace(const std::vector<Crop>& crops) {
  float largest = 0;
  for (const Crop& crop : crops)
    largest = std::max(largest, crop.width * crop.height);
  return largest;
}

}  // namespace

Thumbnail MakeThumbnail(const std::string& video, const Moment& moment,
                        const ThumbnailTools& tools) {
  Sampling sampling;
  sampling.start = moment.start;
  sampling.end = moment.end;
  const std::unique_ptr<VideoReader> reader = tools.open_video(video, sampling);
  Frame best, frame;
  std::vector<Crop> faces;
  int frames = 0;
  for (; frames < kMostFrames && reader->Next(&frame); ++frames) {
    std::vector<Crop> crops =
        tools.crop ? tools.crop(frame) : std::vector<Crop>();
    if (frames > 0 && LargestFace(crops) <= LargestFace(faces)) continue;
    faces = std::move(crops);
    best = std::move(frame);
    if (!tools.crop) break;
  }
  if (best.image.width == 0)
    throw Error(ErrorKind::kInput, video + ": has no picture at this moment");
  Thumbnail thumbnail{moment, tools.encode(best), {}};
  const double width = best.image.width, height = best.image.height;
  for (const Crop& face : faces)
    thumbnail.faces.push_back({face.x / width, face.y / height,
                               face.width / width, face.height / height});
  return thumbnail;
}

}  // namespace vsa
