// Numbers as tables and options hold them.
#ifndef VSA_BASE_PARSE_NUMBER_H_
#define VSA_BASE_PARSE_NUMBER_H_

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace vsa {

// All of `text` as a finite number, whatever the locale; none if it is not one.
inline std::optional<double> ParseNumber(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace vsa

#endif  // VSA_BASE_PARSE_NUMBER_H_
