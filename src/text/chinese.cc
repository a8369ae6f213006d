#include "text/chinese.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "base/ascii.h"
#include "vsa/error.h"

namespace vsa {
namespace {

std::unique_ptr<const icu::Transliterator> MakeSimplifier() {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<const icu::Transliterator> simplifier(
      icu::Transliterator::createInstance("Hant-Hans", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) {
    throw Error(ErrorKind::kSetup,
                std::string("ICU has no Hant-Hans: ") + u_errorName(status));
  }
  return simplifier;
}

bool MayBeChinese(std::string_view utf8) {
  // The characters of Chinese begin with one of these bytes, those of Latin,
  // Cyrillic, Arabic and the scripts of India with none.
  constexpr unsigned char kFirst = 0xE3;
  if (std::none_of(utf8.begin(), utf8.end(), [](char byte) {
        return static_cast<unsigned char>(byte) >= kFirst;
      })) {
    return false;
  }
  bool chinese = false;
  const auto length = static_cast<int64_t>(utf8.size());
  for (int64_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(utf8.data(), i, length, c);
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
      case USCRIPT_HAN:
        chinese = true;
        break;
      case USCRIPT_HIRAGANA:
      case USCRIPT_KATAKANA:
      case USCRIPT_HANGUL:
        return false;
      default:
        break;
    }
  }
  return chinese;
}

}  // namespace

bool IsSimplifiedChinese(const std::string& tag) {
  std::string name = LowerAscii(tag);
  std::replace(name.begin(), name.end(), '_', '-');
  return name == "zh-hans" || name == "zh-cn" || name == "zh-sg";
}

std::string ToSimplifiedChinese(const std::string& utf8) {
  // To make one takes 40 ms, to copy it microseconds; one alone cannot serve
  // several threads. Its rules know words of several characters, so a table of
  // single ones would not do the same.
  static const std::unique_ptr<const icu::Transliterator> kSimplifier =
      MakeSimplifier();
  const std::unique_ptr<icu::Transliterator> simplify(kSimplifier->clone());
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  simplify->transliterate(text);
  std::string simplified;
  text.toUTF8String(simplified);
  return simplified;
}

std::string SimplifyIfChinese(std::string_view utf8) {
  const std::string text(utf8);
  return MayBeChinese(utf8) ? ToSimplifiedChinese(text) : text;
}

}  // namespace vsa
