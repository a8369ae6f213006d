// Which language a text is in, by its words (through CLD2).
#ifndef VSA_TEXT_TEXT_LANGUAGE_H_
#define VSA_TEXT_TEXT_LANGUAGE_H_

#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// The language of most of `texts`, as in "en"; empty if there are too few words
// to tell. Of much text the first 100 kB are looked at. Safe to call from
// several threads.
std::string SureLanguage(const std::vector<std::string>& texts);

// The language of more of `texts` than any other, in which each counts as what
// most of its letters are: also where SureLanguage is not sure. A script of its
// own says which it may be ("好" is Chinese); Latin letters say nothing where
// they are too few, and unless nearly all is so it does not count. Empty if
// nothing is known.
std::string MainLanguage(const std::vector<std::string>& texts);

// That words are in `language`, which is none of `languages` ("en", …): the
// warning text_language. `name` is the file's.
Warning LanguageWarning(const std::string& name, const std::string& language,
                        const std::vector<std::string>& languages);

}  // namespace vsa

#endif  // VSA_TEXT_TEXT_LANGUAGE_H_
