#include "text/chinese.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "vsa/error.h"

namespace vsa {

bool IsSimplifiedChinese(const std::string& tag) {
  std::string name = LowerAscii(tag);
  std::replace(name.begin(), name.end(), '_', '-');
  return name == "zh-hans" || name == "zh-cn" || name == "zh-sg";
}

std::string ToSimplifiedChinese(const std::string& utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> simplify(
      icu::Transliterator::createInstance("Hant-Hans", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) {
    throw Error(ErrorKind::kSetup,
                std::string("ICU has no Hant-Hans: ") + u_errorName(status));
  }
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  simplify->transliterate(text);
  std::string simplified;
  text.toUTF8String(simplified);
  return simplified;
}

}  // namespace vsa
