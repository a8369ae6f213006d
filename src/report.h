// Reads a RESULTS file for `vsa report`: checks each line and keeps, in a
// compact form, what the page shows of it.
#ifndef VSA_REPORT_H_
#define VSA_REPORT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// A segment of strong sentiment.
struct Moment {
  std::size_t video = 0;  // of ReportData::videos
  std::size_t segment = 0;
  Time start{0};
  Time end{0};
  double intensity = 0;
};

struct ReportVideo {
  std::string row;       // JSON: the video as a whole; src/report_page/data.js
                         // reads it
  std::string segments;  // JSON: its segments and warnings
  std::string file;      // the video; empty if it was not found
  std::string model;     // SHA-256 of the bundle, as in the result
};

struct ReportData {
  std::vector<ReportVideo> videos;  // in the order of the lines
  // The strongest of all videos: first the most positive, then the most
  // negative.
  std::vector<Moment> moments;
  std::vector<std::string> faults;  // of lines that are no result:
                                    // "FILE:LINE: …"
};

// `report` is the path that the page will have: a video is looked for where its
// result says, and then there from the page's folder. Throws Error (kInput) if
// the file cannot be read or none of its lines is a result.
ReportData ReadResults(const std::string& path, const std::string& report);

}  // namespace vsa

#endif  // VSA_REPORT_H_
