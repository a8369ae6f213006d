// Text from outside on one line: paths may hold any bytes.
#ifndef VSA_BASE_ONE_LINE_H_
#define VSA_BASE_ONE_LINE_H_

#include <string>
#include <string_view>

namespace vsa {

// `text` with its control characters, which would begin a new line or steer a
// terminal, written as \n, \r, \t and else each byte as \x1b. All other bytes
// stay, those that are not UTF-8 too.
std::string OneLine(std::string_view text);

}  // namespace vsa

#endif  // VSA_BASE_ONE_LINE_H_
