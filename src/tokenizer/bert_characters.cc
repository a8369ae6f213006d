#include "tokenizer/bert_characters.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <cctype>
#include <cstdint>
#include <string>

#include "vsa/error.h"

namespace vsa {
namespace {

// The Unicode versions behind `tokenizers` 0.23: categories are those of 8.0
// (crate unicode_categories), decompositions of 9.0
// (unicode-normalization-alignments), lower case of 17.0 (Rust's standard
// library). The few code points below that no version explains were found by
// scripts/check-tokenizer, which compares every code point with the wheel.
constexpr int kCategoriesVersion = 8;
constexpr int kDecompositionVersion = 9;

bool IsIn(char32_t code, int unicode_version) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(code), age);
  return age[0] != 0 && age[0] <= unicode_version;
}

bool HasCategory(char32_t code, std::uint32_t mask) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & mask) != 0 &&
         IsIn(code, kCategoriesVersion);
}

bool IsSpace(char32_t code) {
  return u_isUWhiteSpace(static_cast<UChar32>(code));
}

bool IsControl(char32_t code) {
  if (code == '\t' || code == '\n' || code == '\r') return false;
  return HasCategory(code, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool IsPunctuation(char32_t code) {
  if (code < 0x80) return std::ispunct(static_cast<int>(code)) != 0;
  // A Canadian sign that later became a symbol; a Sharada mark that later
  // became one.
  if (code == 0x166D || code == 0x111C9) return true;
  return HasCategory(code, U_GC_P_MASK);
}

bool IsNonspacingMark(char32_t code) {
  if (code == 0x1734) return true;  // Hanunoo; spacing since 14.0
  // Letters, a spacing mark and a punctuation sign that later became nonspacing
  // marks.
  if (code == 0x1885 || code == 0x1886 || code == 0xA9BD || code == 0x111C9)
    return false;
  return HasCategory(code, U_GC_MN_MASK);
}

// The blocks that Hugging Face calls Chinese; its start of extension E,
// 0x2B920, is 0x100 late.
bool IsChinese(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B81F) ||
         (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x2F800 && c <= 0x2FA1F);
}

// Lower case of letters that are younger than Debian 12's ICU (Unicode 15).
char32_t YoungLowerCase(char32_t code) {
  switch (code) {
    case 0x1C89:
    case 0xA7CC:
    case 0xA7CE:
    case 0xA7D2:
    case 0xA7D4:
    case 0xA7DA:
      return code + 1;
    case 0xA7CB:
      return 0x264;
    case 0xA7DC:
      return 0x19B;
  }
  if (code >= 0x10D50 && code <= 0x10D65) return code + 0x20;  // Garay
  if (code >= 0x16EA0 && code <= 0x16EB8) return code + 0x1B;  // Beria Erfe
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(code)));
}

void AppendFinal(char32_t code, std::uint8_t combining_class,
                 std::vector<BertCharacter>* characters) {
  BertCharacter::Kind kind = BertCharacter::kWord;
  if (IsSpace(code)) kind = BertCharacter::kSpace;
  if (IsPunctuation(code)) kind = BertCharacter::kAlone;
  characters->push_back({code, kind, combining_class});
}

void AppendLowered(char32_t code, std::uint8_t combining_class, bool lower_case,
                   std::vector<BertCharacter>* characters) {
  if (lower_case &&
      code == 0x130) {  // the one letter whose lower case is two code points
    AppendFinal('i', combining_class, characters);
    AppendFinal(0x307, combining_class, characters);
  } else {
    AppendFinal(lower_case ? YoungLowerCase(code) : code, combining_class,
                characters);
  }
}

const UNormalizer2* Nfd() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfd = unorm2_getNFDInstance(&status);
  if (U_FAILURE(status))
    throw Error(ErrorKind::kInternal,
                std::string("ICU: no NFD data: ") + u_errorName(status));
  return nfd;
}

// Appends the decomposition of `code` without its nonspacing marks, each part
// in lower case if asked.
void AppendStripped(char32_t code, bool lower_case,
                    std::vector<BertCharacter>* characters) {
  UChar units[32];
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t size = unorm2_getDecomposition(Nfd(), static_cast<UChar32>(code),
                                              units, 32, &status);
  if (size < 0 || !IsIn(code, kDecompositionVersion)) {
    size = 0;
    U16_APPEND_UNSAFE(units, size, code);
  }
  for (std::int32_t i = 0; i < size;) {
    UChar32 part;
    U16_NEXT(units, i, size, part);
    std::uint8_t combining_class = u_getCombiningClass(part);
    if (combining_class > 0 && !IsIn(part, kDecompositionVersion))
      combining_class = 0;
    if (!IsNonspacingMark(part)) {
      AppendLowered(part, combining_class, lower_case, characters);
    } else if (combining_class == 0) {
      characters->push_back(
          {static_cast<char32_t>(part), BertCharacter::kGone, 0});
    }
  }
}

}  // namespace

void AppendBertCharacters(char32_t code, const BertFlags& flags,
                          std::vector<BertCharacter>* characters) {
  if (code == 0 || code == 0xFFFD || IsControl(code)) return;
  if (IsSpace(code)) {
    characters->push_back({' ', BertCharacter::kSpace, 0});
    return;
  }
  const std::size_t first = characters->size();
  if (flags.strip_accents) {
    AppendStripped(code, flags.lower_case, characters);
  } else {
    AppendLowered(code, 0, flags.lower_case, characters);
  }
  if (flags.split_chinese && IsChinese(code)) {
    for (std::size_t i = first; i < characters->size(); ++i)
      (*characters)[i].kind = BertCharacter::kAlone;
  }
}

}  // namespace vsa
