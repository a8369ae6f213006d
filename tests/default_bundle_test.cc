#include "default_bundle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

class FindDefaultBundleTest : public testing::Test {
 protected:
  FindDefaultBundleTest()
      : root_(fs::temp_directory_path() /
              ("default_bundle_test." + std::to_string(getpid()))) {}
  ~FindDefaultBundleTest() override { fs::remove_all(root_); }
  fs::path Make(const std::string& folder) {
    fs::create_directories(root_ / folder);
    return root_ / folder;
  }
  fs::path root_;
};

TEST_F(FindDefaultBundleTest, LooksBesideTheProgramThenInShareThenAbove) {
  const std::string program = (root_ / "prefix/bin/vsa").string();
  EXPECT_THROW(FindDefaultBundle("", program), Error);
  const fs::path above = Make("models/default-en");
  EXPECT_EQ(FindDefaultBundle("", program), above);
  const fs::path share = Make("prefix/share/vsa/models/default-en");
  EXPECT_EQ(FindDefaultBundle("", program), share);
  const fs::path beside = Make("prefix/bin/models/default-en");
  EXPECT_EQ(FindDefaultBundle("", program), beside);
}

TEST_F(FindDefaultBundleTest, TheEnvironmentGoesFirstEvenIfItIsWrong) {
  Make("models/default-en");
  EXPECT_EQ(
      FindDefaultBundle("/nowhere", (root_ / "build/release/vsa").string()),
      "/nowhere");
}

}  // namespace
}  // namespace vsa
