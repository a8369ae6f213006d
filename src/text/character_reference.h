// Characters as HTML writes them: "&eacute;", "&#233;", "&#xE9;".
#ifndef VSA_TEXT_CHARACTER_REFERENCE_H_
#define VSA_TEXT_CHARACTER_REFERENCE_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace vsa {

struct CharacterReference {
  char32_t character = 0;  // 0: one that is none, such as "&#0;"
  std::size_t length = 0;  // in bytes, of how it is written
};

// The reference at the front of `text`, by a number or by a name of HTML 4
// (libxml2 has the table). The semicolon may lack where HTML lets it: after
// numbers and after the names of Latin-1; but what follows such a name must be
// no letter, unless the name stands for one. A reference to an ampersand that
// begins another one ("&amp;#39;") was encoded twice: it is that one. Nothing
// if there is none.
std::optional<CharacterReference> ReadCharacterReference(std::string_view text);

// U+0080 to U+009F are controls that nobody writes: what was meant is the
// character that windows-1252 has there. Others stay as they are.
char32_t WithoutC1(char32_t character);

}  // namespace vsa

#endif  // VSA_TEXT_CHARACTER_REFERENCE_H_
