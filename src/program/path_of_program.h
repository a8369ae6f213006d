// Where the running program lies: its bundles lie beside it.
#ifndef VSA_PROGRAM_PATH_OF_PROGRAM_H_
#define VSA_PROGRAM_PATH_OF_PROGRAM_H_

#include <filesystem>
#include <string>

namespace vsa {

inline std::string PathOfProgram() {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "vsa" : path.string();
}

}  // namespace vsa

#endif  // VSA_PROGRAM_PATH_OF_PROGRAM_H_
