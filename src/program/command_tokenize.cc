#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/file.h"
#include "program/commands.h"
#include "program/wiring.h"
#include "tokenizer/sentencepiece_module.h"
#include "tokenizer/tokenize.h"
#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {

int TokenizeCommand(const Options& options) {
  std::unique_ptr<Tokenizer> tokenizer;
  if (!options.spm.empty()) {
    tokenizer = LoadSentencePiece(options.spm);
  } else if (!options.vocab.empty()) {
    TextSpec text;
    text.lower_case = !options.cased;
    tokenizer = ParseWordPiece(ReadFile(options.vocab, ErrorKind::kSetup),
                               options.vocab, text);
  } else {
    const Bundle bundle = LoadChosenBundle(options);
    tokenizer = LoadTokenizer(bundle.vocabulary, bundle.text);
  }
  const bool from_stdin = options.text == "-";
  const int input = from_stdin
                        ? STDIN_FILENO
                        : open(options.text.c_str(), O_RDONLY | O_CLOEXEC);
  if (input < 0)
    throw Error(ErrorKind::kInput,
                options.text + ": cannot be opened: " + std::strerror(errno));
  TokenizeStream(input, STDOUT_FILENO, from_stdin ? "stdin" : options.text,
                 "stdout", *tokenizer);
  return 0;
}

}  // namespace vsa
