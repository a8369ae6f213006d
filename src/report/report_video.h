// One result of vsa as the page of `vsa report` needs it: checked, and with
// figures no finer than a page shows.
#ifndef VSA_REPORT_REPORT_VIDEO_H_
#define VSA_REPORT_REPORT_VIDEO_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/video_finder.h"
#include "vsa/types.h"

namespace vsa {

// x, y, width and height as shares of a picture's.
using FaceBox = std::array<double, 4>;

// The frame with the face that carried a verdict, as an explanation names it.
struct DecidingFrame {
  Time time{0};
  std::vector<FaceBox> faces;  // the deciding one first
};

// A segment of strong sentiment.
struct Moment {
  std::size_t video = 0;  // of ReportData::videos
  std::size_t segment = 0;
  Time start{0};
  Time end{0};
  double intensity = 0;
  std::optional<DecidingFrame> deciding;
};

struct ReportVideo {
  // JSON, which src/report/page/data.js reads.
  std::string row;      // the video as a whole
  std::string details;  // what is read when the video is looked at: segments,
                        // audience and warnings
  std::string file;     // the video; empty if it was not found
  std::string model;    // SHA-256 of the bundle, as in the result
  std::vector<Moment> moments;  // the strongest; Moment::video is not set
};

// Throws Error (kInput) that says what is wrong if `line` is no result.
ReportVideo ReadReportVideo(const std::string& line, const VideoFinder& finder);

// The `most` strongest moments of each sign, the positive ones first; of equal
// ones the earlier.
std::vector<Moment> Strongest(std::vector<Moment> moments, std::size_t most);

}  // namespace vsa

#endif  // VSA_REPORT_REPORT_VIDEO_H_
