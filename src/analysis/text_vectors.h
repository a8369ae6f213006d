// Texts to vectors: cut into windows, encoded in batches of like length,
// averaged back to one vector a text.
#ifndef VSA_ANALYSIS_TEXT_VECTORS_H_
#define VSA_ANALYSIS_TEXT_VECTORS_H_

#include <string>
#include <vector>

#include "vsa/model.h"
#include "vsa/tokenizer.h"
#include "vsa/types.h"

namespace vsa {

// One vector [Dt] for each text; an empty one where it has no tokens. The
// vectors of a long text's windows are averaged by their counts of tokens. The
// batches follow from the texts alone.
std::vector<std::vector<float>> EncodeTexts(
    const std::vector<std::string>& texts, const Tokenizer& tokenizer,
    const Model& model, const TextSpec& spec);

}  // namespace vsa

#endif  // VSA_ANALYSIS_TEXT_VECTORS_H_
