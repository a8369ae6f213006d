// What several commands are put together from.
#ifndef VSA_WIRING_H_
#define VSA_WIRING_H_

#include <memory>
#include <string>
#include <vector>

#include "backends.h"
#include "bundle.h"
#include "cli.h"
#include "result.h"
#include "vsa/analyze.h"

namespace vsa {

Bundle LoadChosenBundle(const Options& options);
DType ChosenDType(const Options& options);
ModelName NameOf(const Bundle& bundle, DType dtype);

// `path` is a vocabulary of WordPiece or a model of SentencePiece.
std::unique_ptr<Tokenizer> LoadTokenizer(const std::string& path,
                                         const TextSpec& text);

TextTrackReader TextTracks();

// All of an engine but the text's and the frames' way through the networks.
// `bundle` must outlive it.
Engine EngineWithoutModel(const Bundle& bundle);

// Throws Error (kSetup) if it cannot be written whole.
void WriteToStdout(const std::string& text);

// Throws Error (kSetup) if they are the same file.
void CheckIsNoInput(const std::string& output, const std::string& input);

void LogWarnings(const std::vector<Warning>& warnings);

}  // namespace vsa

#endif  // VSA_WIRING_H_
