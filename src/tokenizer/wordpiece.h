// The WordPiece tokenizer of BERT: ids identical to Hugging Face's
// BertTokenizerFast with split_special_tokens=True.
#ifndef VSA_TOKENIZER_WORDPIECE_H_
#define VSA_TOKENIZER_WORDPIECE_H_

#include <memory>
#include <string>

#include "vsa/tokenizer.h"
#include "vsa/types.h"

namespace vsa {

// A tokenizer from the bytes of a vocab.txt and the flags lower_case,
// strip_accents, split_chinese and max_word_characters. The unknown token is
// the line [UNK]; `spec.unk` must name it if it is not 0. Throws Error kSetup,
// "PATH[:LINE]: …", if vocabulary or flags are of no use. The result is safe to
// share between threads.
std::unique_ptr<Tokenizer> ParseWordPiece(const std::string& vocab_bytes,
                                          const std::string& path_for_messages,
                                          const TextSpec& spec);

}  // namespace vsa

#endif  // VSA_TOKENIZER_WORDPIECE_H_
