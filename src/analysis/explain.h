// Why a segment has its verdict: each modality's part, and the score of every
// word and face by leaving it out.
#ifndef VSA_ANALYSIS_EXPLAIN_H_
#define VSA_ANALYSIS_EXPLAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "analysis/engine.h"
#include "analysis/result_types.h"
#include "vsa/model.h"

namespace vsa {

// A word of a text: bytes [begin, end).
struct WordSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The words by Unicode's rules (UAX #29), in order; spaces and punctuation are
// none. `text` is UTF-8.
std::vector<WordSpan> WordsOf(const std::string& text);

// `text` without the bytes of `words`, which are in order.
std::string WithoutWords(const std::string& text,
                         const std::vector<WordSpan>& words);

// Explains the verdict `output` that the engine's model gave for `evidence`:
// `text` as it was encoded, `sources` where the faces came from. Each word
// and each face is left out in turn (Zeiler and Fergus 2014, Li et al. 2016),
// all words in one call of EncodeTexts. Of more than 64 words neighbours are
// left out together and share the score evenly; of more than 16 faces only
// those with the largest shares in the verdict are looked at.
Explanation Explain(const Evidence& evidence, const std::string& text,
                    const std::vector<FaceSource>& sources,
                    const FusionOutput& output, const Engine& engine);

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXPLAIN_H_
