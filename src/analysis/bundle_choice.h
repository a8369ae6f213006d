// Which of the bundles of a run judges words: by the language of those.
#ifndef VSA_ANALYSIS_BUNDLE_CHOICE_H_
#define VSA_ANALYSIS_BUNDLE_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/judge.h"
#include "subtitle/source.h"
#include "vsa/types.h"

namespace vsa {

BundleLanguages LanguagesOf(const std::vector<Judge>& judges);

// The place of the first bundle that lists a language; if none does, of the
// first with the most languages; 0 if it is not known, where it is empty.
std::size_t BundleFor(const std::string& language,
                      const BundleLanguages& bundles);

// The place of the bundle for `words`. Their language is the one that was
// `asked` for, unless that is empty; else that of their sidecar's name or their
// track, unless the words surely are in another (warning subtitle_language), or
// of speech the one that was heard; else the one that most of them are in.
// Without words, or with one bundle, there is no choice. Words that are in no
// language of the bundle are judged by it all the same (warning text_language).
std::size_t ChooseBundle(const std::string& asked, const SubtitleSource& words,
                         const BundleLanguages& bundles,
                         std::vector<Warning>* warnings);

}  // namespace vsa

#endif  // VSA_ANALYSIS_BUNDLE_CHOICE_H_
