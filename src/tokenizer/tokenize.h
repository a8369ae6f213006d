// `vsa tokenize`: lines of text to JSON lines {"tokens": [...], "ids": [...]},
// in blocks and near the tokenizer's speed.
#ifndef VSA_TOKENIZER_TOKENIZE_H_
#define VSA_TOKENIZER_TOKENIZE_H_

#include <string>

#include "vsa/tokenizer.h"

namespace vsa {

// Reads `input` to its end and writes one JSON line for each of its lines, the
// last with or without \n, to `output` (file descriptors, left open). Memory:
// blocks of 256 KB, or the longest line. Throws Error, "NAME: …": kInput if
// `input` cannot be read, kSetup if `output` cannot be written (the caller
// ignores SIGPIPE).
void TokenizeStream(int input, int output, const std::string& input_name,
                    const std::string& output_name, const Tokenizer& tokenizer);

}  // namespace vsa

#endif  // VSA_TOKENIZER_TOKENIZE_H_
