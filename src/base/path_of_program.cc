#include "base/path_of_program.h"

#include <filesystem>

#include "vsa/error.h"

namespace vsa {

std::string PathOfProgram() {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    throw Error(ErrorKind::kSetup,
                "/proc/self/exe: cannot be read: " + error.message() +
                    "; expected /proc to be mounted");
  }
  return path.string();
}

}  // namespace vsa
