// SentencePiece tokenizers, through the module libvsa_sentencepiece.so: linked into one program, the sentencepiece
// library and libtorch crash or hang, each with a protobuf of its own.
#ifndef VSA_SENTENCEPIECE_MODULE_H_
#define VSA_SENTENCEPIECE_MODULE_H_

#include <memory>
#include <string>

#include "vsa/tokenizer.h"

namespace vsa {

// A tokenizer whose ids are those of the sentencepiece library. Loads the module on the first call. Throws Error kSetup,
// "PATH: …", if the model cannot be read or is none, or if the module is missing. The result is safe to share between
// threads.
std::unique_ptr<Tokenizer> LoadSentencePiece(const std::string& model_path);

}  // namespace vsa

#endif  // VSA_SENTENCEPIECE_MODULE_H_
