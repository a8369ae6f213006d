// The files that the build puts into the program for `vsa report`.
#ifndef VSA_REPORT_REPORT_ASSETS_H_
#define VSA_REPORT_REPORT_ASSETS_H_

namespace vsa {

extern const char kReportHtml[];
extern const char kReportStyle[];
extern const char kReportScript[];
extern const char kReportCharts[];         // d3
extern const char kReportChartsLicence[];  // as Debian states it

}  // namespace vsa

#endif  // VSA_REPORT_REPORT_ASSETS_H_
