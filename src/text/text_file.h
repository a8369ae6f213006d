// Files of text that anyone may have written, as UTF-8.
#ifndef VSA_TEXT_TEXT_FILE_H_
#define VSA_TEXT_TEXT_FILE_H_

#include <string>

#include "text/encoding.h"
#include "vsa/types.h"

namespace vsa {

// `encoding` is as DecodeText takes it, `expected` what the file should be, for
// messages. Throws Error: kInput if the file cannot be read or is larger than
// 100 MB, kUsage for an unknown encoding.
DecodedText ReadTextFile(const std::string& path, const std::string& encoding,
                         const std::string& expected);

// The warning that DecodedText::replaced calls for.
Warning ReplacedBytesWarning(const std::string& code, const std::string& path,
                             const DecodedText& text);

}  // namespace vsa

#endif  // VSA_TEXT_TEXT_FILE_H_
