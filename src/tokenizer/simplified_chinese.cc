#include "tokenizer/simplified_chinese.h"

#include <string>
#include <string_view>
#include <utility>

#include "text/chinese.h"
#include "tokenizer/adapted_text.h"

namespace vsa {

std::unique_ptr<Tokenizer> WithSimplifiedChinese(
    std::unique_ptr<Tokenizer> tokenizer) {
  return WithAdaptedText(std::move(tokenizer), [](std::string_view text) {
    const std::string own(text);
    return MayBeChinese(text) ? ToSimplifiedChinese(own) : own;
  });
}

}  // namespace vsa
