// Reads a RESULTS file for `vsa report`.
#ifndef VSA_REPORT_REPORT_H_
#define VSA_REPORT_REPORT_H_

#include <string>
#include <vector>

#include "report/report_video.h"

namespace vsa {

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

#endif  // VSA_REPORT_REPORT_H_
