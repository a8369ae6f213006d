#include "text/language.h"

#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/ascii.h"

namespace vsa {
namespace {

// Codes of three letters that stand for another one here.
std::string Alias(const std::string& code) {
  static const std::map<std::string, std::string> aliases = {
      // Containers have the bibliographic codes of ISO 639-2, ICU the
      // terminologic ones.
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
      {"cht", "zho"},
      // Members of a macro-language of ISO 639-3 that are written alike, or
      // that CLD2 takes for each other, and a code that was given up.
      {"arb", "ara"},
      {"bos", "hbs"},
      {"cmn", "zho"},
      {"fil", "tgl"},
      {"hrv", "hbs"},
      {"mol", "ron"},
      {"nno", "nor"},
      {"nob", "nor"},
      {"srp", "hbs"},
      {"yue", "zho"}};
  const auto found = aliases.find(code);
  return found == aliases.end() ? code : found->second;
}

// Empty of what is no single language, or none.
std::string DisplayName(const std::string& code) {
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

// From "german" to "de", of all languages.
std::map<std::string, std::string> CodesOfNames() {
  std::map<std::string, std::string> codes;
  for (const char* const* code = uloc_getISOLanguages(); *code != nullptr;
       ++code) {
    codes.emplace(LowerAscii(DisplayName(*code)), *code);
  }
  codes.erase("");
  return codes;
}

// One code for all names of a language, that of ISO 639-3; empty if `tag` names
// none.
std::string FindCode(const std::string& language) {
  static const std::map<std::string, std::string> by_name = CodesOfNames();
  std::string code = Alias(language);
  const auto named = by_name.find(code);
  if (named != by_name.end()) code = named->second;
  return DisplayName(code).empty() ? ""
                                   : Alias(uloc_getISO3Language(code.c_str()));
}

// The same, each looked up once: the tag of every sidecar is compared with all
// languages of the bundles, and ICU takes microseconds for each.
std::string CodeOf(std::string_view tag) {
  constexpr std::size_t kMostKnown = 1000;  // names of files hold anything
  thread_local std::unordered_map<std::string, std::string> known;
  const std::string language = LanguageOf(tag);
  const auto found = known.find(language);
  if (found != known.end()) return found->second;
  std::string code = FindCode(language);
  if (known.size() < kMostKnown) known.emplace(language, code);
  return code;
}

}  // namespace

std::string EnglishNameOf(std::string_view tag) {
  return DisplayName(Alias(LanguageOf(tag)));
}

bool IsLanguage(std::string_view tag) { return !CodeOf(tag).empty(); }

std::string LanguageOf(std::string_view tag) {
  const size_t end = std::min(tag.find_first_of("-_."), tag.size());
  const std::string name = LowerAscii(tag.substr(0, end));
  if (end < 2 || end > 8) return "";
  const bool letters = std::all_of(name.begin(), name.end(), IsAsciiLetter);
  return letters ? name : "";
}

bool IsOneOf(std::string_view tag, const std::vector<std::string>& languages) {
  const std::string code = CodeOf(tag);
  if (code.empty()) return false;
  return std::any_of(languages.begin(), languages.end(),
                     [&](const auto& one) { return CodeOf(one) == code; });
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
