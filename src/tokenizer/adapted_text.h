// Text as a vocabulary learnt it: a tokenizer of what a function makes of it.
#ifndef VSA_TOKENIZER_ADAPTED_TEXT_H_
#define VSA_TOKENIZER_ADAPTED_TEXT_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "vsa/tokenizer.h"

namespace vsa {

// `tokenizer`, given `adapt` of each text. `adapt` must be safe to call from
// several threads.
std::unique_ptr<Tokenizer> WithAdaptedText(
    std::unique_ptr<Tokenizer> tokenizer,
    std::function<std::string(std::string_view)> adapt);

}  // namespace vsa

#endif  // VSA_TOKENIZER_ADAPTED_TEXT_H_
