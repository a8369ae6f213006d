// Calendar dates in the names of files.
#ifndef VSA_REPORT_DATE_IN_NAME_H_
#define VSA_REPORT_DATE_IN_NAME_H_

#include <string>

namespace vsa {

// The first date in `text` as "YYYY-MM-DD"; empty if there is none. Dates are
// written as 2026-03-31, with "_", "." or nothing for the hyphens, and not
// among other digits; years are 1900 to 2099.
std::string DateInName(const std::string& text);

}  // namespace vsa

#endif  // VSA_REPORT_DATE_IN_NAME_H_
