#include "report/thumbnails.h"

#include <algorithm>
#include <optional>

#include "vsa/error.h"

namespace vsa {
namespace {

// A segment has about 20; a result that claims a longer one costs no more.
constexpr int kMostFrames = 40;
// No video has more in a second.
constexpr double kEveryFrame = 1000;

float LargestFace(const std::vector<Crop>& crops) {
  float largest = 0;
  for (const Crop& crop : crops)
    largest = std::max(largest, crop.width * crop.height);
  return largest;
}

// A frame, and the faces to show on it.
struct Picture {
  Frame frame;
  std::vector<FaceBox> faces;
};

std::optional<Picture> DecidingPicture(const std::string& video,
                                       const Moment& moment,
                                       const ThumbnailTools& tools) {
  Sampling sampling;
  sampling.fps = kEveryFrame;
  sampling.start = moment.deciding->time;
  Frame frame;
  if (!tools.open_video(video, sampling)->Next(&frame)) return std::nullopt;
  return Picture{std::move(frame), moment.deciding->faces};
}

std::optional<Picture> LargestFacePicture(const std::string& video,
                                          const Moment& moment,
                                          const ThumbnailTools& tools) {
  Sampling sampling;
  sampling.start = moment.start;
  sampling.end = moment.end;
  const std::unique_ptr<VideoReader> reader = tools.open_video(video, sampling);
  std::optional<Picture> best;
  std::vector<Crop> best_crops;
  Frame frame;
  for (int frames = 0; frames < kMostFrames && reader->Next(&frame); ++frames) {
    std::vector<Crop> crops =
        tools.crop ? tools.crop(frame) : std::vector<Crop>();
    if (best && LargestFace(crops) <= LargestFace(best_crops)) continue;
    best = Picture{std::move(frame), {}};
    best_crops = std::move(crops);
    if (!tools.crop) break;
  }
  for (const Crop& crop : best_crops) {
    const double width = best->frame.image.width,
                 height = best->frame.image.height;
    best->faces.push_back({crop.x / width, crop.y / height, crop.width / width,
                           crop.height / height});
  }
  return best;
}

}  // namespace

Thumbnail MakeThumbnail(const std::string& video, const Moment& moment,
                        const ThumbnailTools& tools) {
  const std::optional<Picture> picture =
      moment.deciding ? DecidingPicture(video, moment, tools)
                      : LargestFacePicture(video, moment, tools);
  if (!picture)
    throw Error(ErrorKind::kInput, video + ": has no picture at this moment");
  return {moment, tools.encode(picture->frame), picture->faces};
}

}  // namespace vsa
