#include "base/output_path.h"

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>

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

std::string BesideOf(const std::string& path, const std::string& ending) {
  const fs::path folder = fs::path(path).parent_path();
  const std::string name = fs::path(path).filename().string();
  const long longest =
      pathconf(folder.empty() ? "." : folder.c_str(), _PC_NAME_MAX);
  if (longest < 0 ||
      name.size() + ending.size() <= static_cast<std::size_t>(longest))
    return path + ending;
  char hash[2 * sizeof(std::size_t) + 1];
  std::snprintf(hash, sizeof hash, "%zx", std::hash<std::string>()(name));
  return (folder / (hash + ending)).string();
}

}  // namespace vsa
