// The result of one video as JSON ("vsa.result/1", described by
// docs/result.schema.json).
#ifndef VSA_OUTPUT_RESULT_H_
#define VSA_OUTPUT_RESULT_H_

#include <optional>
#include <string>

#include "analysis/item.h"
#include "analysis/result_line.h"
#include "analysis/result_types.h"
#include "vsa/error.h"

namespace vsa {

struct ResultFormat {
  bool pretty = false;  // indented; else one line
  bool stats =
      false;  // with figures about the run itself, which differ from run to run
  std::optional<ResultMark> mark = std::nullopt;
};

// Both end with a newline. Bytes of paths that are not UTF-8 become U+FFFD.
std::string FormatResult(const Analysis& analysis, const ResultFormat& format);
std::string FormatFailure(const Item& item, const Error& error,
                          const ResultFormat& format);

}  // namespace vsa

#endif  // VSA_OUTPUT_RESULT_H_
