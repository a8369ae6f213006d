// A library to preload into vsa: of the threads that vsa itself starts, and no
// library, the one that VSA_TEST_FAIL_THREAD counts (from 1) is not to be had;
// of those of the library whose name starts with VSA_TEST_FAIL_THREADS_OF none.
#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

// Whose call it is, where libstdc++ only hands it on: "vsa", "libx.so.1".
const char* Caller() {
  void* frames[8];
  const int count = backtrace(frames, 8);
  for (int i = 2; i < count; ++i) {
    Dl_info info;
    if (!dladdr(frames[i], &info)) break;
    const char* name = std::strrchr(info.dli_fname, '/');
    name = name ? name + 1 : info.dli_fname;
    if (std::strncmp(name, "libstdc++", 9) != 0) return name;
  }
  return "";
}

std::atomic<int> started{0};

}  // namespace

extern "C" int pthread_create(pthread_t* thread,
                              const pthread_attr_t* attributes,
                              void* (*run)(void*), void* argument) {
  const char* number = std::getenv("VSA_TEST_FAIL_THREAD");
  if (number != nullptr && std::strcmp(Caller(), "vsa") == 0 &&
      ++started == std::atoi(number))
    return EAGAIN;
  const char* library = std::getenv("VSA_TEST_FAIL_THREADS_OF");
  if (library != nullptr &&
      std::strncmp(Caller(), library, std::strlen(library)) == 0)
    return EAGAIN;
  using Create =
      int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create =
      reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  return create(thread, attributes, run, argument);
}
