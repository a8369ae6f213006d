// The bytes of a subtitle file in whatever encoding, to UTF-8.
#ifndef VSA_TEXT_ENCODING_H_
#define VSA_TEXT_ENCODING_H_

#include <string>
#include <string_view>

namespace vsa {

struct DecodedText {
  std::string utf8;       // valid, without a byte order mark
  std::string encoding;   // "UTF-8", "UTF-16LE", "GB18030", "windows-1252", …
  double confidence = 1;  // 0..1; 1 unless it was guessed
  bool replaced = false;  // bytes that were not valid became U+FFFD
  std::string second;     // of a guess: the next one, empty if there is none
};

// What is guessed with less confidence is worth a warning.
constexpr double kSureOfEncoding = 0.6;

// `encoding_name` is any name that ICU knows; empty: by the byte order mark,
// else UTF-8 if the bytes are that but for single ones, else UTF-16 or UTF-32
// by where their zeros lie, else guessed. Throws Error (kUsage) for an unknown
// name; bytes never fail.
DecodedText DecodeText(const std::string& bytes,
                       const std::string& encoding_name);

// Whether `bytes` are valid UTF-8 throughout.
bool IsUtf8(std::string_view bytes);

// `utf8` without zeros, and without marks of byte order, which joined files
// have in their midst.
std::string WithoutStrayBytes(std::string_view utf8);

}  // namespace vsa

#endif  // VSA_TEXT_ENCODING_H_
