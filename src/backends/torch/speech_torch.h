// The networks of a speech bundle, run by libtorch.
#ifndef VSA_BACKENDS_TORCH_SPEECH_TORCH_H_
#define VSA_BACKENDS_TORCH_SPEECH_TORCH_H_

#include <memory>
#include <string>

#include "model/dtype.h"
#include "model/speech_bundle.h"
#include "vsa/speech.h"

namespace vsa {

// `encoder` and `decoder` are the bytes of the bundle's parts. Throws Error
// (kSetup), "PATH: reason"; so does the first use of a part that breaks the
// contract of a speech bundle. TorchLoaders (model_torch.h) comes first.
std::unique_ptr<SpeechModel> LoadSpeech(const SpeechBundle& bundle,
                                        std::string encoder,
                                        std::string decoder, DType dtype);

}  // namespace vsa

#endif  // VSA_BACKENDS_TORCH_SPEECH_TORCH_H_
