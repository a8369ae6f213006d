// Why a segment has its verdict: each modality's part, and the score of every
// word and face by leaving it out.
#ifndef VSA_ANALYSIS_EXPLAIN_H_
#define VSA_ANALYSIS_EXPLAIN_H_

#include <string>
#include <vector>

#include "analysis/judge.h"
#include "analysis/result_types.h"
#include "text/words.h"
#include "vsa/model.h"

namespace vsa {

// `text` without the bytes of `words`, which are in order.
std::string WithoutWords(const std::string& text,
                         const std::vector<WordSpan>& words);

// Explains the verdict `output` that the judge's model gave for `evidence`:
// `text` as it was encoded, `sources` where the faces came from. Each word
// and each face is left out in turn (Zeiler and Fergus 2014, Li et al. 2016),
// all words in one call of EncodeTexts. Of more than 64 words neighbours are
// left out together and share the score evenly; of more than 16 faces only
// those with the largest shares in the verdict are looked at.
Explanation Explain(const Evidence& evidence, const std::string& text,
                    const std::vector<FaceSource>& sources,
                    const FusionOutput& output, const Judge& judge);

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXPLAIN_H_
