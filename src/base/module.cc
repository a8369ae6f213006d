#include "base/module.h"

#include <dlfcn.h>

#include <filesystem>

#include "base/path_of_program.h"
#include "vsa/error.h"

#ifndef VSA_MODULES_FROM_PROGRAM
#error "VSA_MODULES_FROM_PROGRAM is defined by CMake"
#endif

namespace vsa {

void* LoadModuleSymbol(const std::string& name, const char* symbol, int flags) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(PathOfProgram()).parent_path();
  fs::path path = folder / name;
  if (!fs::exists(path)) path = folder / VSA_MODULES_FROM_PROGRAM / name;
  void* module = dlopen(path.c_str(), flags);
  void* address = module ? dlsym(module, symbol) : nullptr;
  if (address == nullptr) {
    const char* reason = dlerror();
    throw Error(ErrorKind::kSetup, name +
                                       ": this part of vsa cannot be loaded: " +
                                       (reason ? reason : "no reason given"));
  }
  return address;
}

}  // namespace vsa
