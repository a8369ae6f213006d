#include "text/scripts.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace vsa {

std::map<UScriptCode, int> LettersByScript(const std::string& text) {
  std::map<UScriptCode, int> counts;
  const auto length = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    if (!u_isalpha(c)) continue;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &status);
    switch (script) {
      case USCRIPT_COMMON:
      case USCRIPT_INHERITED:
        break;
      case USCRIPT_HIRAGANA:
      case USCRIPT_KATAKANA:
        counts[USCRIPT_HIRAGANA] += 2;
        break;
      case USCRIPT_HAN:
      case USCRIPT_BOPOMOFO:
        counts[USCRIPT_HAN] += 2;
        break;
      case USCRIPT_HANGUL:
        counts[USCRIPT_HANGUL] += 2;
        break;
      default:
        ++counts[script];
    }
  }
  return counts;
}

}  // namespace vsa
