// The seam to tokenizers: text to the ids of a model's vocabulary.
#ifndef VSA_TOKENIZER_H_
#define VSA_TOKENIZER_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace vsa {

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Appends the ids of `text` to `ids`, without [CLS] and [SEP]. Bytes that are
  // not UTF-8 count as U+FFFD; text never makes special tokens. Safe to call
  // from several threads.
  virtual void Encode(std::string_view text,
                      std::vector<std::int32_t>* ids) const = 0;

  // The vocabulary's spelling of an id that Encode gave. Lives as long as the
  // tokenizer.
  virtual std::string_view TokenOf(std::int32_t id) const = 0;
};

}  // namespace vsa

#endif  // VSA_TOKENIZER_H_
