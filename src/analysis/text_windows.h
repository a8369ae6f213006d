// Text longer than the text encoder's limit, cut into windows that fit.
#ifndef VSA_ANALYSIS_TEXT_WINDOWS_H_
#define VSA_ANALYSIS_TEXT_WINDOWS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "vsa/tokenizer.h"
#include "vsa/types.h"

namespace vsa {

// The rows of ids, [CLS] and [SEP] included and each at most spec.max_tokens
// long, that together hold all of `text`: one row if it fits; else it is cut at
// sentence ends, where a sentence is too long between words, in scripts without
// spaces too, and where a word is too long between its tokens. Each row but of
// such a word is what the tokenizer makes of its piece of the text. No row for
// text without tokens, nor of text whose words are all spec.unk, whatever
// punctuation and digits they have: it says nothing.
std::vector<std::vector<std::int32_t>> CutIntoWindows(
    std::string_view text, const Tokenizer& tokenizer, const TextSpec& spec);

}  // namespace vsa

#endif  // VSA_ANALYSIS_TEXT_WINDOWS_H_
