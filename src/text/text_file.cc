#include "text/text_file.h"

#include <cstdint>
#include <filesystem>

#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Fonts in ASS take tens of megabytes; what is larger is something else, and
// would take as many times its size to read.
constexpr std::uintmax_t kLargestFile = 100 * 1000 * 1000;

}  // namespace

DecodedText ReadTextFile(const std::string& path, const std::string& encoding,
                         const std::string& expected) {
  std::error_code ignored;
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (!ignored && size > kLargestFile) {
    throw Error(ErrorKind::kInput,
                path + ": is larger than 100 MB; expected " + expected);
  }
  return DecodeText(ReadFile(path, ErrorKind::kInput), encoding);
}

Warning ReplacedBytesWarning(const std::string& code, const std::string& path,
                             const DecodedText& text) {
  return {code, path + ": holds bytes that are not " + text.encoding +
                    "; they became U+FFFD"};
}

}  // namespace vsa
