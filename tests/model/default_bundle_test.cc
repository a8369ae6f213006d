#include "model/default_bundle.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

class FindDefaultBundleTest : public TemporaryFolder {
 protected:
  fs::path Make(const std::string& folder) {
    fs::create_directories(folder_ / folder);
    return folder_ / folder;
  }
};

TEST_F(FindDefaultBundleTest, LooksBesideTheProgramThenInShareThenAbove) {
  const std::string program = (folder_ / "prefix/bin/vsa").string();
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
      FindDefaultBundle("/nowhere", (folder_ / "build/release/vsa").string()),
      "/nowhere");
}

}  // namespace
}  // namespace vsa
