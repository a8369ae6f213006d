// Whether characters stand where people write them: it tells readings of the
// same bytes in several encodings apart where the detectors do not.
#ifndef VSA_TEXT_ENCODING_FIT_H_
#define VSA_TEXT_ENCODING_FIT_H_

#include <string>
#include <string_view>

namespace vsa {

// What a Western language, one that windows-1252 is for, has beyond ASCII.
struct Alphabet {
  std::string_view language;    // "de"
  std::u16string_view letters;  // small ones
  double rarity;                // 0..1: what one of them costs a reading
};

// English is there with the letters of its loan words; nullptr for a language
// that is not Western.
const Alphabet* AlphabetOf(std::string_view language);

// How little the characters beyond ASCII of `utf8` fit where they stand, on
// average: 0 is each is where it is written, 1 none is; 0 without any. Without
// `alphabet` any letter will do.
double Misfit(const std::string& utf8, const Alphabet* alphabet);

// Whether the characters beyond ASCII of `utf8` are all quotation marks,
// dashes, notes and the like, as East Asian encodings have them.
bool IsOnlyPunctuation(const std::string& utf8);

}  // namespace vsa

#endif  // VSA_TEXT_ENCODING_FIT_H_
