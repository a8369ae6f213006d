#include "backends/backends.h"

#include <dlfcn.h>

#include "base/module.h"

namespace vsa {

const MediaBackend& Media() {
  using Entry = const MediaBackend* (*)();
  static const MediaBackend* backend = reinterpret_cast<Entry>(LoadModuleSymbol(
      "libvsa_media.so", "vsa_media_backend", RTLD_LAZY | RTLD_LOCAL))();
  return *backend;
}

const TorchBackend& Torch() {
  using Entry = const TorchBackend* (*)();
  static const TorchBackend* backend = reinterpret_cast<Entry>(LoadModuleSymbol(
      "libvsa_torch.so", "vsa_torch_backend", RTLD_LAZY | RTLD_LOCAL))();
  return *backend;
}

}  // namespace vsa
