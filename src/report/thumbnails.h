// Pictures of moments, from their videos, with the faces that were found.
#ifndef VSA_REPORT_THUMBNAILS_H_
#define VSA_REPORT_THUMBNAILS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "report/report.h"
#include "vsa/video.h"

namespace vsa {

struct Thumbnail {
  Moment moment;
  std::string jpeg;
  std::vector<FaceBox>
      faces;  // where Moment::deciding is known, that one first
};

struct ThumbnailTools {
  std::function<std::unique_ptr<VideoReader>(const std::string& path,
                                             const Sampling& sampling)>
      open_video;
  // The crops of a frame; empty if no faces are asked for.
  std::function<std::vector<Crop>(const Frame&)> crop;
  std::function<std::string(const Frame&)> encode;  // as JPEG
};

// The frame with the deciding face where that is known; else, of the frames
// that are sampled in the moment, the one with the largest face, else the
// first. Throws Error if the video cannot be used or has no frame there.
Thumbnail MakeThumbnail(const std::string& video, const Moment& moment,
                        const ThumbnailTools& tools);

}  // namespace vsa

#endif  // VSA_REPORT_THUMBNAILS_H_
