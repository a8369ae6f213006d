// A bundle's tokenizer, loaded when it is first needed: a video without words
// never loads it.
#ifndef VSA_MODEL_LAZY_TOKENIZER_H_
#define VSA_MODEL_LAZY_TOKENIZER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "model/deferred.h"
#include "vsa/tokenizer.h"

namespace vsa {

// Every call throws what `load` threw.
class LazyTokenizer : public Tokenizer {
 public:
  explicit LazyTokenizer(std::function<std::unique_ptr<Tokenizer>()> load)
      : loaded_(std::move(load)) {}

  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    loaded_.Get()->Encode(text, ids);
  }
  std::string_view TokenOf(std::int32_t id) const override {
    return loaded_.Get()->TokenOf(id);
  }

 private:
  const Deferred<std::unique_ptr<Tokenizer>> loaded_;
};

}  // namespace vsa

#endif  // VSA_MODEL_LAZY_TOKENIZER_H_
