// Where the running program lies: its modules and bundles lie beside it.
#ifndef VSA_BASE_PATH_OF_PROGRAM_H_
#define VSA_BASE_PATH_OF_PROGRAM_H_

#include <string>

namespace vsa {

// Without links. Throws Error (kSetup) where /proc is not mounted.
std::string PathOfProgram();

}  // namespace vsa

#endif  // VSA_BASE_PATH_OF_PROGRAM_H_
