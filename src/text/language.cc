#include "text/language.h"

#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "base/ascii.h"

namespace vsa {
namespace {

// Containers have the bibliographic codes of ISO 639-2, ICU the terminologic.
std::string Terminologic(const std::string& code) {
  constexpr const char* kPairs[][2] = {
      {"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"},
      {"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"},
      {"geo", "kat"}, {"ger", "deu"}, {"gre", "ell"}, {"ice", "isl"},
      {"mac", "mkd"}, {"may", "msa"}, {"per", "fas"}, {"rum", "ron"},
      {"slo", "slk"}, {"wel", "cym"}};
  for (const auto& pair : kPairs) {
    if (code == pair[0]) return pair[1];
  }
  return code;
}

bool IsSameLanguage(const std::string& name, const std::string& language) {
  const std::string code = Terminologic(LanguageOf(language));
  if (code.empty()) return false;
  const std::string three = uloc_getISO3Language(code.c_str());
  if (name == code || name == three) return true;
  if (!three.empty() && three == uloc_getISO3Language(name.c_str()))
    return true;
  UChar buffer[64];
  UErrorCode status = U_ZERO_ERROR;
  const int length =
      uloc_getDisplayLanguage(code.c_str(), "en", buffer, 64, &status);
  if (U_FAILURE(status)) return false;
  std::string english;
  icu::UnicodeString(buffer, length).toUTF8String(english);
  return name == LowerAscii(english);
}

}  // namespace

std::string LanguageOf(std::string_view tag) {
  const size_t end = std::min(tag.find_first_of("-_."), tag.size());
  const std::string name = LowerAscii(tag.substr(0, end));
  if (end < 2 || end > 8) return "";
  const bool letters = std::all_of(name.begin(), name.end(), IsAsciiLetter);
  return letters ? name : "";
}

bool IsOneOf(std::string_view tag, const std::vector<std::string>& languages) {
  const std::string name = Terminologic(LanguageOf(tag));
  if (name.empty()) return false;
  return std::any_of(languages.begin(), languages.end(), [&](const auto& one) {
    return IsSameLanguage(name, one);
  });
}

}  // namespace vsa
