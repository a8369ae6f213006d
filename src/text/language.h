// Languages by any of their names: "en", "eng", "en-US" and "English" are one.
#ifndef VSA_TEXT_LANGUAGE_H_
#define VSA_TEXT_LANGUAGE_H_

#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// The language of a tag: its letters up to the first '-', '_' or '.', in lower
// case. Empty if it cannot be a language, as in "a.2.srt".
std::string LanguageOf(std::string_view tag);

// Whether the language of `tag` is one of `languages`, which are codes as a
// bundle has them ("en"). False for a tag that is none.
bool IsOneOf(std::string_view tag, const std::vector<std::string>& languages);

}  // namespace vsa

#endif  // VSA_TEXT_LANGUAGE_H_
