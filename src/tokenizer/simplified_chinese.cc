#include "tokenizer/simplified_chinese.h"

#include <string>
#include <utility>

#include "text/chinese.h"

namespace vsa {
namespace {

class SimplifyingTokenizer : public Tokenizer {
 public:
  explicit SimplifyingTokenizer(std::unique_ptr<Tokenizer> tokenizer)
      : tokenizer_(std::move(tokenizer)) {}

  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    if (MayBeChinese(text)) {
      tokenizer_->Encode(ToSimplifiedChinese(std::string(text)), ids);
    } else {
      tokenizer_->Encode(text, ids);
    }
  }

  std::string_view TokenOf(std::int32_t id) const override {
    return tokenizer_->TokenOf(id);
  }

 private:
  const std::unique_ptr<Tokenizer> tokenizer_;
};

}  // namespace

std::unique_ptr<Tokenizer> WithSimplifiedChinese(
    std::unique_ptr<Tokenizer> tokenizer) {
  return std::make_unique<SimplifyingTokenizer>(std::move(tokenizer));
}

}  // namespace vsa
