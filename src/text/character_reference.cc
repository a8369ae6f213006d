#include "text/character_reference.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/ascii.h"

namespace vsa {
namespace {

constexpr std::size_t kLongestName = 8;  // "thetasym"

bool IsAlphanumeric(char c) { return IsAsciiLetter(c) || IsAsciiDigit(c); }

// 0 if there is no such name. HTML has four in capitals, too.
char32_t Lookup(std::string_view name) {
  std::string terminated(name);
  if (name == "AMP" || name == "LT" || name == "GT" || name == "QUOT")
    terminated = LowerAscii(name);
  const htmlEntityDesc* found =
      htmlEntityLookup(reinterpret_cast<const xmlChar*>(terminated.c_str()));
  return found == nullptr ? 0 : found->value;
}

// HTML lets these stand without a semicolon.
bool IsOld(char32_t character) {
  return (character >= 0xA0 && character <= 0xFF) || character == '&' ||
         character == '<' || character == '>' || character == '"';
}

bool IsLatin1Letter(char32_t character) {
  return character >= 0xC0 && character <= 0xFF && character != 0xD7 &&
         character != 0xF7;
}

// `text` is what follows "&#".
std::optional<CharacterReference> ReadNumber(std::string_view text) {
  const bool hex = !text.empty() && (text[0] == 'x' || text[0] == 'X');
  const std::string_view figures = text.substr(hex ? 1 : 0);
  const std::size_t count = std::min(
      figures.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789"),
      figures.size());
  if (count == 0) return std::nullopt;
  const std::string digits(figures.substr(0, count));
  const long code = std::strtol(digits.c_str(), nullptr, hex ? 16 : 10);
  const bool none = code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF);
  std::size_t length = 2 + (hex ? 1 : 0) + count;
  if (count < figures.size() && figures[count] == ';') ++length;
  return CharacterReference{none ? 0 : WithoutC1(static_cast<char32_t>(code)),
                            length};
}

// `text` is what follows "&".
std::optional<CharacterReference> ReadName(std::string_view text) {
  std::size_t run = 0;
  while (run < text.size() && run <= kLongestName && IsAlphanumeric(text[run]))
    ++run;
  if (run < text.size() && text[run] == ';') {
    if (const char32_t found = Lookup(text.substr(0, run)))
      return CharacterReference{found, run + 2};
  }
  for (std::size_t length = std::min(run, kLongestName); length >= 2;
       --length) {
    const char32_t found = Lookup(text.substr(0, length));
    if (!IsOld(found)) continue;
    const bool ends = length == text.size() || !IsAlphanumeric(text[length]);
    if (ends || IsLatin1Letter(found))
      return CharacterReference{found, length + 1};
  }
  return std::nullopt;
}

std::optional<CharacterReference> ReadOnce(std::string_view text) {
  if (text.size() < 3 || text[0] != '&') return std::nullopt;
  return text[1] == '#' ? ReadNumber(text.substr(2)) : ReadName(text.substr(1));
}

}  // namespace

std::optional<CharacterReference> ReadCharacterReference(
    std::string_view text) {
  std::optional<CharacterReference> found = ReadOnce(text);
  std::string again;
  while (found && found->character == '&') {
    // No reference is longer than this, but for needless zeros.
    again = "&" + std::string(text.substr(found->length, 16));
    const std::optional<CharacterReference> inner = ReadOnce(again);
    if (!inner) break;
    found =
        CharacterReference{inner->character, found->length + inner->length - 1};
  }
  return found;
}

char32_t WithoutC1(char32_t character) {
  constexpr char32_t kWindows1252[] = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
      0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  const bool c1 = character >= 0x80 && character < 0xA0;
  return c1 ? kWindows1252[character - 0x80] : character;
}

}  // namespace vsa
