// Pieces of text to one, as their script does it: most have a space between
// words; Chinese, Japanese, Thai and their like have none.
#ifndef VSA_TEXT_JOINED_H_
#define VSA_TEXT_JOINED_H_

#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// Whether `c` is of a script without spaces between words, or a mark as wide as
// the characters of such.
bool IsUnspaced(char32_t c);

// Puts `next` behind `text`, both UTF-8, with a space between unless both are
// of such scripts there, but for quotes and dots.
void AppendJoined(std::string_view next, std::string* text);

// All lines as one text.
std::string JoinLines(const std::vector<std::string>& lines);

}  // namespace vsa

#endif  // VSA_TEXT_JOINED_H_
