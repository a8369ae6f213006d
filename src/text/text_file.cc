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

std::string ReadTextBytes(const std::string& path,
                          const std::string& expected) {
  std::error_code ignored;
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (!ignored && size > kLargestFile) {
    throw Error(ErrorKind::kInput,
                path + ": is larger than 100 MB; expected " + expected);
  }
  return ReadFile(path, ErrorKind::kInput);
}

DecodedText ReadTextFile(const std::string& path, const std::string& encoding,
                         const std::string& expected) {
  return DecodeText(ReadTextBytes(path, expected), encoding);
}

std::vector<Warning> DecodingWarnings(const std::string& prefix,
                                      const std::string& path,
                                      const DecodedText& text) {
  std::vector<Warning> warnings;
  if (text.replaced) {
    warnings.push_back({prefix + "_bytes_replaced",
                        path + ": holds bytes that are not " + text.encoding +
                            "; they became U+FFFD"});
  }
  if (text.confidence < kSureOfEncoding) {
    warnings.push_back(
        {prefix + "_encoding_guessed",
         path + ": is taken for " + text.encoding + ", a guess" +
             (text.second.empty() ? "" : "; it may be " + text.second)});
  }
  return warnings;
}

}  // namespace vsa
