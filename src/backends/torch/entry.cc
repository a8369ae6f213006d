// The entry of the module libvsa_torch.so.
#include "backends/backends.h"
#include "backends/torch/model_torch.h"

extern "C" const vsa::TorchBackend* vsa_torch_backend() {
  static const vsa::TorchBackend backend = {vsa::LoadModel};
  return &backend;
}
