// Files of text that anyone may have written, as UTF-8.
#ifndef VSA_TEXT_TEXT_FILE_H_
#define VSA_TEXT_TEXT_FILE_H_

#include <string>
#include <vector>

#include "text/encoding.h"
#include "vsa/types.h"

namespace vsa {

// The bytes of such a file; `expected` is what it should be, for messages.
// Throws Error (kInput) if it cannot be read or is larger than 100 MB.
std::string ReadTextBytes(const std::string& path, const std::string& expected);

// The same decoded; `encoding` is as DecodeText takes it. Throws Error (kUsage)
// for an unknown encoding too.
DecodedText ReadTextFile(const std::string& path, const std::string& encoding,
                         const std::string& expected);

// What is to be said of how a file was decoded: PREFIX_bytes_replaced where
// bytes were not valid, PREFIX_encoding_guessed where the encoding was guessed
// with a confidence under kSureOfEncoding.
std::vector<Warning> DecodingWarnings(const std::string& prefix,
                                      const std::string& path,
                                      const DecodedText& text);

}  // namespace vsa

#endif  // VSA_TEXT_TEXT_FILE_H_
