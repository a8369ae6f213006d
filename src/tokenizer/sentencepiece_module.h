// SentencePiece tokenizers, behind a module of their own: the sentencepiece
// library brings a protobuf that cannot share a process's symbols with
// libtorch's.
#ifndef VSA_TOKENIZER_SENTENCEPIECE_MODULE_H_
#define VSA_TOKENIZER_SENTENCEPIECE_MODULE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "vsa/tokenizer.h"

namespace vsa {

// `model_path` is for messages. Ids are those of the sentencepiece library.
// Throws Error (kSetup), "PATH: …", if `model_bytes` are no SentencePiece
// model, or if the module is missing.
std::unique_ptr<Tokenizer> ParseSentencePiece(const std::string& model_bytes,
                                              const std::string& model_path);

// What the module gives, as plain C: with symbols of its own it shares no C++
// library state with the program. `Load` gives null for bytes that are no
// model; a processor is safe to share between threads, and lives as long as the
// process or until `Free`.
struct SentencePieceFunctions {
  void* (*Load)(const char* model, std::size_t size);
  void (*Free)(void* processor);
  // Calls `add(context, id)` for each id of the UTF-8 text.
  void (*Encode)(const void* processor, const char* text, std::size_t size,
                 void (*add)(void* context, std::int32_t id), void* context);
  // Lives as long as the processor.
  const char* (*Piece)(const void* processor, std::int32_t id,
                       std::size_t* size);
};

}  // namespace vsa

#endif  // VSA_TOKENIZER_SENTENCEPIECE_MODULE_H_
