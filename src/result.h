// The result of one video as JSON ("vsa.result/1", described by
// docs/result.schema.json).
#ifndef VSA_RESULT_H_
#define VSA_RESULT_H_

#include <optional>
#include <string>

#include "vsa/analyze.h"
#include "vsa/error.h"

namespace vsa {

// The model as a result names it.
struct ModelName {
  std::string name;
  std::string version;
  std::string sha256;
  std::string dtype;  // the one that ran: "fp32" or "bf16"
};

// What a batch needs to find on a line again: SHA-256 of which item it is of,
// and of all that it depends on (batch_item.h).
struct ResultMark {
  std::string item;
  std::string key;
};

struct ResultFormat {
  bool pretty = false;  // indented; else one line
  bool stats =
      false;  // with figures about the run itself, which differ from run to run
  std::optional<ResultMark> mark = std::nullopt;
};

// Both end with a newline. Bytes of paths that are not UTF-8 become U+FFFD.
std::string FormatResult(const Analysis& analysis, const ModelName& model,
                         const ResultFormat& format);
std::string FormatFailure(const Item& item, const Error& error,
                          const ResultFormat& format);

// True for the bytes of a file that FormatResult or FormatFailure wrote.
bool IsResult(const std::string& bytes);

// What there is to know of a line before it is read as a whole.
struct ResultLine {
  ResultMark mark;  // both empty if it has none
  bool failed = false;
};

// None if the bytes are no result.
std::optional<ResultLine> ParseResultLine(const std::string& bytes);

}  // namespace vsa

#endif  // VSA_RESULT_H_
