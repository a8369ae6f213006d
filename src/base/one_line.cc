#include "base/one_line.h"

#include <cstddef>

namespace vsa {
namespace {

// How many bytes at `at` are a control character: of ASCII, or of Unicode
// (U+0080 to U+009F, as UTF-8).
std::size_t ControlAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0xFFu;
  };
  if (byte(at) < 0x20 || byte(at) == 0x7F) return 1;
  const bool is_c1 =
      byte(at) == 0xC2 && byte(at + 1) >= 0x80 && byte(at + 1) <= 0x9F;
  return is_c1 ? 2 : 0;
}

std::string Escaped(char c) {
  constexpr char kHex[] = "0123456789abcdef";
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t control = ControlAt(text, at);
    for (std::size_t i = 0; i < control; ++i) line += Escaped(text[at + i]);
    if (control == 0) line += text[at];
    at += control > 0 ? control : 1;
  }
  return line;
}

}  // namespace vsa
