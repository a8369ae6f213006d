// The mark that some programs, most of them on Windows, put before UTF-8 text.
#ifndef VSA_BASE_BYTE_ORDER_MARK_H_
#define VSA_BASE_BYTE_ORDER_MARK_H_

#include <string_view>

namespace vsa {

// `bytes` without a byte order mark at their start.
inline std::string_view WithoutByteOrderMark(std::string_view bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.substr(0, kMark.size()) == kMark) bytes.remove_prefix(kMark.size());
  return bytes;
}

}  // namespace vsa

#endif  // VSA_BASE_BYTE_ORDER_MARK_H_
