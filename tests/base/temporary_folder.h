// A fixture for tests on files: a folder for each test, which goes with it.
#ifndef VSA_TESTS_BASE_TEMPORARY_FOLDER_H_
#define VSA_TESTS_BASE_TEMPORARY_FOLDER_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace vsa {

class TemporaryFolder : public testing::Test {
 protected:
  TemporaryFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "vsa_test.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
  }
  ~TemporaryFolder() override { std::filesystem::remove_all(folder_); }

  // Writes a file of the folder; gives its path.
  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }

  static std::string Contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
};

}  // namespace vsa

#endif  // VSA_TESTS_BASE_TEMPORARY_FOLDER_H_
