// The page of `vsa report`: one HTML file that asks for nothing else but the
// videos beside it. Its parts lie in page/; the build puts them in.
#ifndef VSA_REPORT_REPORT_PAGE_H_
#define VSA_REPORT_REPORT_PAGE_H_

#include <string>
#include <vector>

#include "report/report.h"
#include "report/thumbnails.h"

namespace vsa {

std::string FormatReport(const ReportData& data,
                         const std::vector<Thumbnail>& thumbnails);

// Whether the file holds what FormatReport wrote; false if it cannot be read.
bool IsReport(const std::string& path);

}  // namespace vsa

#endif  // VSA_REPORT_REPORT_PAGE_H_
