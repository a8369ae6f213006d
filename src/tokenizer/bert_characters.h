// What Hugging Face's BertNormalizer and BertPreTokenizer make of one code
// point, kept to the Unicode versions of their Rust libraries, which differ
// from each other and from ICU's.
#ifndef VSA_TOKENIZER_BERT_CHARACTERS_H_
#define VSA_TOKENIZER_BERT_CHARACTERS_H_

#include <cstdint>
#include <vector>

namespace vsa {

struct BertFlags {
  bool lower_case = true;
  bool strip_accents = true;
  bool split_chinese = true;
};

// A code point of normalized text.
struct BertCharacter {
  enum Kind : std::uint8_t {
    kWord,   // part of a word
    kAlone,  // a word of its own: punctuation, Chinese
    kSpace,  // ends a word
    kGone,  // a stripped accent of combining class 0: only stops the reordering
            // of accents around it
  };
  char32_t code = 0;
  Kind kind = kWord;
  std::uint8_t combining_class =
      0;  // above 0: to be sorted among neighbours that have one too, stable
};

// Appends what `code` becomes: nothing (a control character or a stripped
// accent), one character or a few.
void AppendBertCharacters(char32_t code, const BertFlags& flags,
                          std::vector<BertCharacter>* characters);

}  // namespace vsa

#endif  // VSA_TOKENIZER_BERT_CHARACTERS_H_
