// Languages by any of their names: "en", "eng", "en-US" and "English" are one,
// and so are "zh" and "cmn" (Mandarin), "no" and "nb" (Bokmål).
#ifndef VSA_TEXT_LANGUAGE_H_
#define VSA_TEXT_LANGUAGE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// The language of a tag: its letters up to the first '-', '_' or '.', in lower
// case. Empty if it cannot be a language, as in "a.2.srt".
std::string LanguageOf(std::string_view tag);

// "German" of "de", "ger" or "de-AT"; empty if no language has the code. Of
// names ("German") it is empty, too.
std::string EnglishNameOf(std::string_view tag);

// Whether a tag names a language that is known, and one alone: "und" and "cn"
// do not.
bool IsLanguage(std::string_view tag);

// Whether the language of `tag` is one of `languages`. False for a tag that is
// none.
bool IsOneOf(std::string_view tag, const std::vector<std::string>& languages);

// "en, zh" of several.
std::string ListOf(const std::vector<std::string>& languages);

// Languages that are wanted, most of all those in front.
using LanguageTiers = std::vector<std::vector<std::string>>;

// The place of the first tier that has the language of `tag`; the number of
// tiers if none has.
std::size_t TierOf(std::string_view tag, const LanguageTiers& tiers);

}  // namespace vsa

#endif  // VSA_TEXT_LANGUAGE_H_
