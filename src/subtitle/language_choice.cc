#include "subtitle/language_choice.h"

#include <algorithm>

namespace vsa {
namespace {

// A file that names a new language with each caption is not worth the search.
constexpr size_t kMostLanguages = 64;

bool HasWords(const std::vector<RawCue>& cues) {
  return std::any_of(cues.begin(), cues.end(),
                     [](const RawCue& cue) { return !cue.lines.empty(); });
}

}  // namespace

void LanguageChoice::Add(const std::string& language, RawCue cue) {
  auto found = std::find_if(found_.begin(), found_.end(), [&](const auto& one) {
    return one.first == language;
  });
  if (found == found_.end()) {
    if (found_.size() < kMostLanguages) found_.emplace_back();
    found = found_.end() - 1;
    if (found->second.empty()) found->first = language;
  }
  found->second.push_back(std::move(cue));
}

void LanguageChoice::Choose(const std::string& path, RawSubtitles* out) {
  found_.erase(
      std::remove_if(found_.begin(), found_.end(),
                     [](const auto& one) { return !HasWords(one.second); }),
      found_.end());
  if (found_.empty()) return;
  const auto chosen = std::min_element(
      found_.begin(), found_.end(), [&](const auto& a, const auto& b) {
        return TierOf(a.first, languages_) < TierOf(b.first, languages_);
      });
  if (found_.size() > 1) {
    std::string names;
    for (const auto& one : found_) {
      if (!names.empty()) names += ", ";
      names += one.first.empty() ? "no language named" : one.first;
    }
    out->warnings.push_back(
        {"subtitle_language_skipped",
         path + ": holds captions in several languages (" + names +
             "); read are those in " +
             (chosen->first.empty() ? "no language named" : chosen->first)});
  }
  std::vector<RawCue>& cues = chosen->second;
  std::stable_sort(
      cues.begin(), cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&cues);
  std::move(cues.begin(), cues.end(), std::back_inserter(out->cues));
}

}  // namespace vsa
