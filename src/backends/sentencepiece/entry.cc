// The entry of the module libvsa_sentencepiece.so: the only file that includes
// the sentencepiece library.
#include <sentencepiece_processor.h>

#include <cstdint>
#include <memory>

#include "tokenizer/sentencepiece_module.h"

namespace {

using sentencepiece::SentencePieceProcessor;

const SentencePieceProcessor* Processor(const void* processor) {
  return static_cast<const SentencePieceProcessor*>(processor);
}

// What a damaged model throws may not leave the module: it would cross to
// another C++ library's symbols.
void* Load(const char* model, std::size_t size) try {
  auto processor = std::make_unique<SentencePieceProcessor>();
  if (size == 0 || !processor->LoadFromSerializedProto({model, size}).ok())
    return nullptr;
  return processor.release();
} catch (...) {
  return nullptr;
}

void Free(void* processor) {
  delete static_cast<SentencePieceProcessor*>(processor);
}

void Encode(const void* processor, const char* text, std::size_t size,
            void (*add)(void* context, std::int32_t id), void* context) {
  for (const int id : Processor(processor)->EncodeAsIds({text, size}))
    add(context, id);
}

const char* Piece(const void* processor, std::int32_t id, std::size_t* size) {
  const std::string& piece = Processor(processor)->IdToPiece(id);
  *size = piece.size();
  return piece.data();
}

}  // namespace

extern "C" const vsa::SentencePieceFunctions* vsa_sentencepiece() {
  static const vsa::SentencePieceFunctions functions = {Load, Free, Encode,
                                                        Piece};
  return &functions;
}
