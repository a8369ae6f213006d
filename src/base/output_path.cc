#include "base/output_path.h"

#include <filesystem>

namespace vsa {

namespace fs = std::filesystem;

std::string TargetOf(const std::string& name) {
  constexpr int kMostLinks = 40;  // as the kernel follows
  fs::path path = name;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code none;
    const fs::path target = fs::read_symlink(path, none);
    if (none) break;
    path = path.parent_path() / target;
  }
  return path.string();
}

}  // namespace vsa
