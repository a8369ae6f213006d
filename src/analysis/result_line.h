// What there is to know of a line of results without reading it as a whole.
#ifndef VSA_ANALYSIS_RESULT_LINE_H_
#define VSA_ANALYSIS_RESULT_LINE_H_

#include <optional>
#include <string>

namespace vsa {

inline constexpr char kResultSchema[] = "vsa.result/1";

// What a line says of itself, for a batch to find it again.
struct ResultMark {
  // SHA-256 of which item it is of, and of all that it depends on
  // (batch_item.h). Both empty for a result that no batch wrote.
  std::string item;
  std::string key;
  bool failed = false;
};

// None if the bytes are no result.
std::optional<ResultMark> ParseResultMark(const std::string& bytes);

// True for the bytes of a file that holds one result, a failed one included.
bool IsResult(const std::string& bytes);

}  // namespace vsa

#endif  // VSA_ANALYSIS_RESULT_LINE_H_
