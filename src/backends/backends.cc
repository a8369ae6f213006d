#include "backends/backends.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdlib>

#include "base/module.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// OpenCV's reader of pictures, which Debian's libtorch brings too, brings GDAL,
// which looks up 48,000 symbols when it is loaded: each first among 200 other
// libraries if it comes with them, at once if it is loaded before them. That is
// a tenth of a second. Where it has another name nothing is lost.
void LoadGdalFirst() {
  static const bool once = [] {
    for (const char* name : {"libgdal.so.32", "libgdal.so.36"}) {
      if (dlopen(name, RTLD_LAZY | RTLD_LOCAL) != nullptr) break;
    }
    return true;
  }();
  (void)once;
}

// libtorch, and what OpenCV brings, end the process where they get no memory
// while they are loaded. Where addresses are limited (`ulimit -v`) it is seen
// first whether there are enough.
void CheckRoomFor(const std::string& module, std::size_t mebibytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
  const std::size_t size = mebibytes << 20;
  void* room = mmap(nullptr, size, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) {
    throw Error(ErrorKind::kSetup,
                module + ": not enough memory to load it; expected " +
                    std::to_string(mebibytes) +
                    " MiB more than is in use (ulimit -v)");
  }
  munmap(room, size);
}

}  // namespace

const MediaBackend& Media() {
  LoadGdalFirst();
  using Entry = const MediaBackend* (*)();
  static const MediaBackend* backend = [] {
    CheckRoomFor("libvsa_media.so", 300);
    return reinterpret_cast<Entry>(LoadModuleSymbol(
        "libvsa_media.so", "vsa_media_backend", RTLD_LAZY | RTLD_LOCAL))();
  }();
  return *backend;
}

const PartLoaders& Torch() {
  LoadGdalFirst();
  using Entry = const PartLoaders* (*)();
  static const PartLoaders* backend = [] {
    // Debian 13's libtorch brings UCX, which while it is loaded rewrites the
    // code of mmap and its like, to watch memory that nothing here shares: a
    // thread that is in them at that moment crashes (SIGSEGV). This asks it not
    // to, and must be set before.
    setenv("UCX_MEM_EVENTS", "n", 0);
    CheckRoomFor("libvsa_torch.so", 640);
    return reinterpret_cast<Entry>(LoadModuleSymbol(
        "libvsa_torch.so", "vsa_torch_backend", RTLD_LAZY | RTLD_LOCAL))();
  }();
  return *backend;
}

}  // namespace vsa
