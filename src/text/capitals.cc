#include "text/capitals.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace vsa {
namespace {

// Whether letters have a case, and that is always the upper one.
bool IsAllCapitals(std::string_view utf8) {
  bool found = false;
  const auto size = static_cast<std::int32_t>(utf8.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 character;
    U8_NEXT_OR_FFFD(utf8.data(), i, size, character);
    if (u_hasBinaryProperty(character, UCHAR_LOWERCASE) ||
        u_istitle(character)) {
      return false;
    }
    found = found || u_hasBinaryProperty(character, UCHAR_UPPERCASE);
  }
  return found;
}

}  // namespace

std::string LowerIfAllCapitals(std::string_view utf8) {
  if (!IsAllCapitals(utf8)) return std::string(utf8);
  std::string lower;
  icu::UnicodeString::fromUTF8(
      {utf8.data(), static_cast<std::int32_t>(utf8.size())})
      .toLower(icu::Locale::getRoot())
      .toUTF8String(lower);
  return lower;
}

}  // namespace vsa
