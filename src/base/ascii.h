// Characters of ASCII, whatever the locale.
#ifndef VSA_BASE_ASCII_H_
#define VSA_BASE_ASCII_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace vsa {

inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

inline bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// True of an empty text too.
inline bool HasOnlyDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

// `text` with the letters A to Z in lower case.
inline std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

// Whether `text` starts with `start`, which is in lower case, in any case.
inline bool StartsWithAnyCase(std::string_view text, std::string_view start) {
  return LowerAscii(text.substr(0, start.size())) == start;
}

inline bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

// `text` without the spaces and tabs around it.
inline std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace vsa

#endif  // VSA_BASE_ASCII_H_
