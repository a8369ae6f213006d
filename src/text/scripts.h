// The scripts that letters are of.
#ifndef VSA_TEXT_SCRIPTS_H_
#define VSA_TEXT_SCRIPTS_H_

#include <unicode/uscript.h>

#include <map>
#include <string>

namespace vsa {

// How many letters of each script a text has, of those that it has any of. A
// Chinese character, a kana or a syllable of Hangul counts two, about what it
// would take in an alphabet. Katakana are USCRIPT_HIRAGANA, Bopomofo
// USCRIPT_HAN.
std::map<UScriptCode, int> LettersByScript(const std::string& text);

}  // namespace vsa

#endif  // VSA_TEXT_SCRIPTS_H_
