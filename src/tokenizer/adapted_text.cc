#include "tokenizer/adapted_text.h"

#include <cstdint>
#include <utility>

namespace vsa {
namespace {

class AdaptedTokenizer : public Tokenizer {
 public:
  AdaptedTokenizer(std::unique_ptr<Tokenizer> tokenizer,
                   std::function<std::string(std::string_view)> adapt)
      : tokenizer_(std::move(tokenizer)), adapt_(std::move(adapt)) {}

  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    tokenizer_->Encode(adapt_(text), ids);
  }

  std::string_view TokenOf(std::int32_t id) const override {
    return tokenizer_->TokenOf(id);
  }

 private:
  const std::unique_ptr<Tokenizer> tokenizer_;
  const std::function<std::string(std::string_view)> adapt_;
};

}  // namespace

std::unique_ptr<Tokenizer> WithAdaptedText(
    std::unique_ptr<Tokenizer> tokenizer,
    std::function<std::string(std::string_view)> adapt) {
  return std::make_unique<AdaptedTokenizer>(std::move(tokenizer),
                                            std::move(adapt));
}

}  // namespace vsa
