// The entry of the module libvsa_torch.so.
#include "backends/backends.h"
#include "backends/torch/model_torch.h"

extern "C" const vsa::PartLoaders* vsa_torch_backend() {
  static const vsa::PartLoaders loaders = vsa::TorchLoaders();
  return &loaders;
}
