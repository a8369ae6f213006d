#include "analysis/bundle_choice.h"

#include <algorithm>
#include <optional>

#include "text/language.h"
#include "text/text_language.h"

namespace vsa {
namespace {

std::optional<std::size_t> FirstThatLists(const std::string& language,
                                          const BundleLanguages& bundles) {
  for (std::size_t i = 0; i < bundles.size(); ++i)
    if (IsOneOf(language, bundles[i])) return i;
  return std::nullopt;
}

// What a sidecar's name, a track or the recogniser says; empty if that is not
// known to be a language.
std::string TagOf(const SubtitleSource& words) {
  return IsLanguage(words.language) ? words.language : "";
}

}  // namespace

BundleLanguages LanguagesOf(const std::vector<Judge>& judges) {
  BundleLanguages languages;
  for (const Judge& judge : judges) languages.push_back(judge.languages);
  return languages;
}

std::size_t BundleFor(const std::string& language,
                      const BundleLanguages& bundles) {
  if (language.empty()) return 0;
  if (const auto first = FirstThatLists(language, bundles)) return *first;
  const auto most = std::max_element(
      bundles.begin(), bundles.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return static_cast<std::size_t>(most - bundles.begin());
}

std::size_t ChooseBundle(const std::string& asked, const SubtitleSource& words,
                         const BundleLanguages& bundles,
                         std::vector<Warning>* warnings) {
  if (words.cues.empty()) return 0;
  std::vector<std::string> texts;
  for (const Cue& cue : words.cues) texts.push_back(cue.text);
  const std::string sure = SureLanguage(texts);
  std::size_t place = 0;
  std::string language;
  if (bundles.size() > 1) {
    language = asked.empty() ? TagOf(words) : asked;
    if (asked.empty() && words.source != "speech" && !language.empty() &&
        !sure.empty() && !IsOneOf(sure, {language})) {
      warnings->push_back(
          {"subtitle_language", words.name + ": is marked as " + language +
                                    ", but its words are " +
                                    EnglishNameOf(sure) + ", which counts"});
      language = sure;
    }
    if (language.empty()) language = sure.empty() ? MainLanguage(texts) : sure;
    place = BundleFor(language, bundles);
  }
  const std::vector<std::string>& known = bundles[place];
  for (const std::string& other : {sure, language}) {
    if (other.empty() || IsOneOf(other, known)) continue;
    warnings->push_back(LanguageWarning(words.name, other, known));
    break;
  }
  return place;
}

}  // namespace vsa
