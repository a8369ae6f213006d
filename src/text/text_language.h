// Which language a text is in, by its words (through CLD2).
#ifndef VSA_TEXT_TEXT_LANGUAGE_H_
#define VSA_TEXT_TEXT_LANGUAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// The language of most of `texts`, as in "English", if it is surely none of
// `languages` ("en", …). Nothing if it is one, if there are too few words to
// tell, or if there are no languages. Of much text the first 100 kB are looked
// at. Safe to call from several threads.
std::optional<std::string> OtherLanguage(
    const std::vector<std::string>& texts,
    const std::vector<std::string>& languages);

// The warning of it (text_language); `name` is the file's.
Warning LanguageWarning(const std::string& name, const std::string& language,
                        const std::vector<std::string>& languages);

}  // namespace vsa

#endif  // VSA_TEXT_TEXT_LANGUAGE_H_
