#include "backends/backends.h"

#include <dlfcn.h>

#include <cstdlib>

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
  static const TorchBackend* backend = [] {
    // Debian 13's libtorch brings UCX, which while it is loaded rewrites the
    // code of mmap and its like, to watch memory that nothing here shares: a
    // thread that is in them at that moment crashes (SIGSEGV). This asks it not
    // to, and must be set before.
    setenv("UCX_MEM_EVENTS", "n", 0);
    return reinterpret_cast<Entry>(LoadModuleSymbol(
        "libvsa_torch.so", "vsa_torch_backend", RTLD_LAZY | RTLD_LOCAL))();
  }();
  return *backend;
}

}  // namespace vsa
