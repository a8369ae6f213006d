// Letters of ASCII, whatever the locale.
#ifndef VSA_BASE_ASCII_H_
#define VSA_BASE_ASCII_H_

#include <string>
#include <string_view>

namespace vsa {

// `text` with the letters A to Z in lower case.
inline std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

}  // namespace vsa

#endif  // VSA_BASE_ASCII_H_
