// Shared objects of vsa that are loaded only when needed.
#ifndef VSA_BASE_MODULE_H_
#define VSA_BASE_MODULE_H_

#include <string>

namespace vsa {

// Loads `name` ("libvsa_torch.so") from beside the program, where a build tree
// has it, or from the installed place relative to it, and gives the address of
// its `symbol`. `flags` are dlopen's. It stays loaded. Throws Error (kSetup).
void* LoadModuleSymbol(const std::string& name, const char* symbol, int flags);

}  // namespace vsa

#endif  // VSA_BASE_MODULE_H_
