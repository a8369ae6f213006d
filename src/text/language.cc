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
      {"alb", "sqi"},
      {"arm", "hye"},
      {"baq", "eus"},
      {"bur", "mya"},
      {"chi", "zho"},
      {"cze", "ces"},
      {"dut", "nld"},
      {"fre", "fra"},
      {"geo", "kat"},
      {"ger", "deu"},
      {"gre", "ell"},
      {"ice", "isl"},
      {"mac", "mkd"},
      {"may", "msa"},
      {"per", "fas"},
      {"rum", "ron"},
      {"slo", "slk"},
      {"wel", "cym"},
      // Not of the standard: simplified and traditional Chinese.
      {"chs", "zho"},
      {"cht", "zho"}};
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
  return name == LowerAscii(EnglishNameOf(code));
}

}  // namespace

std::string EnglishNameOf(std::string_view tag) {
  const std::string code = Terminologic(LanguageOf(tag));
  // Codes of the standard for what is no single language.
  for (const char* none : {"", "mis", "mul", "und", "zxx"})
    if (code == none) return "";
  UChar buffer[64];
  UErrorCode status = U_ZERO_ERROR;
  const int length =
      uloc_getDisplayLanguage(code.c_str(), "en", buffer, 64, &status);
  // Of a code that it does not know ICU gives the code.
  if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING) return "";
  std::string english;
  icu::UnicodeString(buffer, length).toUTF8String(english);
  return english == code ? "" : english;
}

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

std::size_t TierOf(std::string_view tag, const LanguageTiers& tiers) {
  const auto found =
      std::find_if(tiers.begin(), tiers.end(),
                   [&](const auto& tier) { return IsOneOf(tag, tier); });
  return static_cast<std::size_t>(found - tiers.begin());
}

std::string ListOf(const std::vector<std::string>& languages) {
  std::string all;
  for (const std::string& one : languages)
    all += (all.empty() ? "" : ", ") + one;
  return all;
}

}  // namespace vsa
