// A line of RESULTS, taken apart. Its segments stay text until they are read,
// one after the other: as JSON a million of them would be gigabytes.
#ifndef VSA_REPORT_RESULT_LINE_H_
#define VSA_REPORT_RESULT_LINE_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/checked_json.h"

namespace vsa {

struct ResultLine {
  Json result;  // without the elements of "segments"
  // What "segments" holds, if it is an array, each as it stands in the line.
  std::vector<std::string_view> segments;
};

// Of a key that is there twice the last one counts. The segments point into
// `line` and are not checked; ReadElement does. Throws Error (kInput) if the
// rest is no JSON, or is such that reading it would take the machine's memory
// or hours: nested too deep, of too many keys or bytes.
ResultLine TakeApart(const std::string& line);

// One of `segments` as JSON; throws Error (kInput) as TakeApart does.
Json ReadElement(std::string_view text);

}  // namespace vsa

#endif  // VSA_REPORT_RESULT_LINE_H_
