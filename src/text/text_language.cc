#include "text/text_language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <unicode/uloc.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <map>

#include "text/language.h"
#include "text/scripts.h"

namespace vsa {
namespace {

constexpr std::size_t kMostEvidence = 100 * 1000;
// A line or two of a song in another language is no other language, and CLD2
// calls itself sure of single words too.
constexpr int kShareOfText = 80;  // percent
// Words of which nothing is known are no evidence, unless nearly all are so:
// Chinese with its sounds in Latin letters below is Chinese.
constexpr int kUnknownPerKnown = 3;
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

// Joins texts, up to as many bytes as are looked at.
void AddTo(std::string* all, const std::string& text) {
  if (all->size() >= kMostEvidence) return;
  // Where a character is cut CLD2 reads up to it.
  all->append(text, 0, kMostEvidence - all->size());
  *all += '\n';
}

struct Detected {
  std::string language;  // empty if CLD2 does not call itself sure
  int share = 0;         // of the text, percent
};

Detected Detect(const std::string& text) {
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
  if (!reliable || found[0] == CLD2::UNKNOWN_LANGUAGE) return {};
  const std::string code = CLD2::LanguageCode(found[0]);
  // CLD2 has codes for scripts without a language, "xx-Runr" for runes, and one
  // for the signs that stand after emoji.
  if (code.rfind("xx-", 0) == 0) return {};
  if (bytes < kFewestBytes && IsInLatinLetters(code.c_str())) return {};
  return {code, shares[0]};
}

// The script of most of a text's letters; USCRIPT_COMMON if it has none.
UScriptCode MainScript(const std::string& text, int* letters) {
  std::map<UScriptCode, int> counts = LettersByScript(text);
  // Japanese is kana among Chinese characters.
  if (counts.count(USCRIPT_HIRAGANA) > 0) {
    counts[USCRIPT_HIRAGANA] += counts[USCRIPT_HAN];
    counts.erase(USCRIPT_HAN);
  }
  *letters = 0;
  UScriptCode main = USCRIPT_COMMON;
  for (const auto& [script, count] : counts) {
    if (count <= *letters) continue;
    main = script;
    *letters = count;
  }
  return main;
}

// The language that a script is most used for; empty of Latin, which tells
// none.
std::string UsualLanguage(UScriptCode script) {
  if (script == USCRIPT_LATIN || script == USCRIPT_COMMON) return "";
  const std::string tag = std::string("und_") + uscript_getShortName(script);
  char likely[ULOC_FULLNAME_CAPACITY];
  UErrorCode status = U_ZERO_ERROR;
  uloc_addLikelySubtags(tag.c_str(), likely, sizeof likely, &status);
  return U_FAILURE(status) || likely == tag ? "" : LanguageOf(likely);
}

}  // namespace

std::string SureLanguage(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) AddTo(&all, text);
  const Detected found = Detect(all);
  return found.share < kShareOfText ? "" : found.language;
}

std::string MainLanguage(const std::vector<std::string>& texts) {
  struct Pool {
    std::string text;
    int letters = 0;
  };
  std::string sure = SureLanguage(texts);
  if (!sure.empty()) return sure;
  std::map<UScriptCode, Pool> pools;
  for (const std::string& text : texts) {
    int letters = 0;
    Pool& pool = pools[MainScript(text, &letters)];
    pool.letters += letters;
    AddTo(&pool.text, text);
  }
  std::map<std::string, int> counts;
  for (const auto& [script, pool] : pools) {
    const Detected found = Detect(pool.text);
    counts[found.share > 50 ? found.language : UsualLanguage(script)] +=
        pool.letters;
  }
  const int unknown = counts[""];
  counts.erase("");
  std::string main;
  int known = 0, most = 0;
  for (const auto& [language, letters] : counts) {
    known += letters;
    if (letters <= most) continue;
    main = language;
    most = letters;
  }
  return unknown > kUnknownPerKnown * known ? "" : main;
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
