#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
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
namespace {

struct Options {
  std::string text = "-";  // file of lines; "-": stdin
  std::string vocab;       // WordPiece vocabulary instead of the bundle's
  bool cased = false;
  std::string spm;  // SentencePiece model instead of the bundle's
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("file", options->text, "Text, a line each (default: stdin)")
      ->type_name("FILE");
  auto* vocab =
      app->add_option("--vocab", options->vocab,
                      "WordPiece vocabulary (default: the bundle's tokenizer)")
          ->type_name("FILE");
  app->add_flag("--cased", options->cased, "Keep case and accents")
      ->needs(vocab);
  app->add_option("--spm", options->spm, "SentencePiece model")
      ->type_name("FILE")
      ->excludes(vocab);
}

int Run(const CommonOptions& common, const Options& options) {
  std::unique_ptr<Tokenizer> tokenizer;
  if (!options.spm.empty()) {
    tokenizer = ParseSentencePiece(ReadFile(options.spm, ErrorKind::kSetup),
                                   options.spm);
  } else if (!options.vocab.empty()) {
    TextSpec text;
    text.lower_case = !options.cased;
    tokenizer = ParseWordPiece(ReadFile(options.vocab, ErrorKind::kSetup),
                               options.vocab, text);
  } else {
    const Bundle bundle = LoadChosenBundles(common).front();
    tokenizer = LoadTokenizer(bundle);
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

}  // namespace

Command TokenizeCommand() {
  return MakeCommand("tokenize",
                     "Lines of text to JSON lines of tokens and ids",
                     AddOptions, Run);
}

}  // namespace vsa
