#include "model/models_folder.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

class ModelsFolderTest : public TemporaryFolder {
 protected:
  fs::path Make(const std::string& folder) {
    fs::create_directories(folder_ / folder);
    return folder_ / folder;
  }
};

TEST_F(ModelsFolderTest, LiesBesideTheProgramThenInShareThenAbove) {
  const std::string program = (folder_ / "prefix/bin/vsa").string();
  Make("prefix/bin");
  Write("prefix/bin/models", "is no folder");
  const fs::path above = Make("models");
  EXPECT_EQ(FindModelsFolder(program), above);
  const fs::path share = Make("prefix/share/vsa/models");
  EXPECT_EQ(FindModelsFolder(program), share);
  fs::remove(folder_ / "prefix/bin/models");
  const fs::path beside = Make("prefix/bin/models");
  EXPECT_EQ(FindModelsFolder(program), beside);
}

TEST_F(ModelsFolderTest, NamesWhatHasAModelJsonDefaultEnFirst) {
  for (const char* name : {"b", "default-en", "A", "faces", "speech"})
    Make(name);
  for (const char* name : {"b", "default-en", "A"})
    Write(std::string(name) + "/model.json", "{}");
  EXPECT_THAT(NamesOfBundles(folder_.string()),
              testing::ElementsAre("default-en", "A", "b"));
  EXPECT_EQ(FindSpeechBundle(folder_.string()), folder_ / "speech");
  EXPECT_EQ(FindSpeechBundle(""), "");
  EXPECT_EQ(FindSpeechBundle((folder_ / "b").string()), "");
}

}  // namespace
}  // namespace vsa
