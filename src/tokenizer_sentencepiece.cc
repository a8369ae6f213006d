// The module libvsa_sentencepiece.so: the one file that includes the sentencepiece library.
#include <sentencepiece_processor.h>

#include <memory>
#include <string_view>
#include <vector>

#include "sentencepiece_abi.h"

namespace {

using sentencepiece::SentencePieceProcessor;

const SentencePieceProcessor& Processor(const void* model) { return *static_cast<const SentencePieceProcessor*>(model); }

void* Load(const char* bytes, std::size_t size) {
  try {
    auto processor = std::make_unique<SentencePieceProcessor>();
    processor->SetMinLogLevel(4);  // prints nothing: the caller says what is wrong
    if (!processor->LoadFromSerializedProto(absl::string_view(bytes, size)).ok()) return nullptr;
    return processor.release();
  } catch (...) {
    return nullptr;
  }
}

bool Encode(const void* model, const char* text, std::size_t size, void (*take)(void* receiver, const int* ids, std::size_t count), void* receiver) {
  try {
    std::vector<int> ids;
    if (!Processor(model).Encode(absl::string_view(text, size), &ids).ok()) return false;
    take(receiver, ids.data(), ids.size());
    return true;
  } catch (...) {
    return false;
  }
}

const char* PieceOf(const void* model, int id, std::size_t* size) {
  const auto& piece = Processor(model).IdToPiece(id);
  *size = piece.size();
  return piece.data();
}

void Destroy(void* model) { delete static_cast<SentencePieceProcessor*>(model); }

}  // namespace

extern "C" const vsa::SentencePieceApi* vsa_sentencepiece() {
  static constexpr vsa::SentencePieceApi kApi = {Load, Encode, PieceOf, Destroy};
  return &kApi;
}
