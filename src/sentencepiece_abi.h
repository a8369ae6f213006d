// What libvsa_sentencepiece.so gives the program. Plain C: the module is loaded with RTLD_DEEPBIND and may see another
// C++ runtime or protobuf than the program, so neither exceptions nor standard containers cross here.
#ifndef VSA_SENTENCEPIECE_ABI_H_
#define VSA_SENTENCEPIECE_ABI_H_

#include <cstddef>
#include <cstdint>

namespace vsa {

struct SentencePieceApi {
  // A model from a file's bytes, or null.
  void* (*load)(const char* bytes, std::size_t size);
  // Calls `take` once with the ids of a text in UTF-8, or returns false. Safe from several threads.
  bool (*encode)(const void* model, const char* text, std::size_t size, void (*take)(void* receiver, const int* ids, std::size_t count), void* receiver);
  // The spelling of an id from encode. Lives as long as the model.
  const char* (*piece)(const void* model, int id, std::size_t* size);
  void (*destroy)(void* model);
};

}  // namespace vsa

// The one symbol of the module.
extern "C" const vsa::SentencePieceApi* vsa_sentencepiece();

#endif  // VSA_SENTENCEPIECE_ABI_H_
