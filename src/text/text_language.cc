#include "text/text_language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <unicode/uscript.h>

#include <algorithm>

#include "text/language.h"

namespace vsa {
namespace {

constexpr std::size_t kMostEvidence = 100 * 1000;
// A line or two of a song in another language is no other language, and CLD2
// calls itself sure of single words too.
constexpr int kShareOfText = 80;  // percent
// Of Latin letters; a language with a script of its own, or nearly so, shows
// in a few characters.
constexpr int kFewestBytes = 60;

bool IsInLatinLetters(const char* language) {
  UScriptCode codes[16];
  UErrorCode status = U_ZERO_ERROR;
  const int count = uscript_getCode(language, codes, 16, &status);
  return U_FAILURE(status) ||
         std::find(codes, codes + count, USCRIPT_LATIN) != codes + count;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    if (all.size() + text.size() > kMostEvidence) break;
    all += text;
    all += '\n';
  }
  return all;
}

}  // namespace

std::string SureLanguage(const std::vector<std::string>& texts) {
  const std::string text = Joined(texts);
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING,
                                CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language found[3];
  int shares[3];
  double scores[3];
  int bytes = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummary(
      text.data(), static_cast<int>(text.size()), /*is_plain_text=*/true,
      &hints, /*flags=*/0, found, shares, scores, nullptr, &bytes, &reliable);
  if (!reliable || shares[0] < kShareOfText ||
      found[0] == CLD2::UNKNOWN_LANGUAGE) {
    return "";
  }
  const char* const code = CLD2::LanguageCode(found[0]);
  return bytes < kFewestBytes && IsInLatinLetters(code) ? "" : code;
}

Warning LanguageWarning(const std::string& name, const std::string& language,
                        const std::vector<std::string>& languages) {
  const std::string english = EnglishNameOf(language);
  return {"text_language", name + ": its words are " +
                               (english.empty() ? language : english) +
                               ", which is not a language of the model (" +
                               ListOf(languages) + ")"};
}

}  // namespace vsa
