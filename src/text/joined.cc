#include "text/joined.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace vsa {
namespace {

// Marks that all scripts share and write alike: they do not tell whether a
// space follows. Full stops and commas of ASCII do.
bool IsShared(UChar32 c) {
  return (c >= 0x2010 && c <= 0x203A) || c == 0x00B7 || c == 0x22EF;
}

// How many such marks may stand together.
constexpr int kMostShared = 8;

// The last character of `text` that is no such mark; 0 if there is none.
char32_t LastOf(std::string_view text) {
  for (int seen = 0; !text.empty() && seen < kMostShared; ++seen) {
    const auto length =
        static_cast<int32_t>(std::min<std::size_t>(4, text.size()));
    const char* const tail = text.data() + text.size() - length;
    int32_t i = length;
    UChar32 c;
    U8_PREV_OR_FFFD(tail, 0, i, c);
    if (!IsShared(c)) return static_cast<char32_t>(c);
    text.remove_suffix(static_cast<std::size_t>(length - i));
  }
  return 0;
}

char32_t FirstOf(std::string_view text) {
  const auto length = static_cast<int64_t>(text.size());
  int64_t i = 0;
  for (int seen = 0; i < length && seen < kMostShared; ++seen) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    if (!IsShared(c)) return static_cast<char32_t>(c);
  }
  return 0;
}

bool IsWide(UChar32 c) {
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ||
         width == U_EA_HALFWIDTH;
}

}  // namespace

bool IsUnspaced(char32_t character) {
  const auto c = static_cast<UChar32>(character);
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
      return true;
    case USCRIPT_COMMON:
      // Not full-width figures, nor emoji.
      return IsWide(c) && !u_isdigit(c) && u_charType(c) != U_OTHER_SYMBOL;
    default:
      return false;
  }
}

void AppendJoined(std::string_view next, std::string* text) {
  if (!text->empty() && !next.empty() &&
      !(IsUnspaced(LastOf(*text)) && IsUnspaced(FirstOf(next)))) {
    *text += ' ';
  }
  *text += next;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) AppendJoined(line, &text);
  return text;
}

}  // namespace vsa
