// Why a segment has its verdict: each modality's part, and the score of every
// word and face by leaving it out.
#ifndef VSA_EXPLAIN_H_
#define VSA_EXPLAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "vsa/analyze.h"

namespace vsa {

// A word of a text: bytes [begin, end).
struct WordSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The words by Unicode's rules (UAX #29), in order; spaces and punctuation are
// none. `text` is UTF-8.
std::vector<WordSpan> WordsOf(const std::string& text);

// `text` without the bytes of `word`.
std::string WithoutWord(const std::string& text, const WordSpan& word);

// Explains the verdict `whole` that the engine's model gave for `evidence`:
// `text` as it was encoded, `faces` where evidence.faces came from. Each word
// and each face is left out in turn (Zeiler and Fergus 2014, Li et al. 2016),
// all words of a segment in one call of EncodeTexts.
Explanation Explain(const Evidence& evidence, const std::string& text,
                    const std::vector<FaceSource>& faces,
                    const Prediction& whole, const Engine& engine);

}  // namespace vsa

#endif  // VSA_EXPLAIN_H_
