// Traditional Chinese to a model that learnt the simplified one.
#ifndef VSA_TOKENIZER_SIMPLIFIED_CHINESE_H_
#define VSA_TOKENIZER_SIMPLIFIED_CHINESE_H_

#include <memory>

#include "vsa/tokenizer.h"

namespace vsa {

// `tokenizer`, given Chinese text in simplified characters, however it is
// written. Text without Chinese characters, and Japanese and Korean by their
// kana and Hangul, are given as they are. Encode throws Error (kSetup) if ICU
// cannot do it.
std::unique_ptr<Tokenizer> WithSimplifiedChinese(
    std::unique_ptr<Tokenizer> tokenizer);

}  // namespace vsa

#endif  // VSA_TOKENIZER_SIMPLIFIED_CHINESE_H_
