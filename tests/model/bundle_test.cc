#include "model/bundle.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
namespace fs = std::filesystem;

// A copy of the tiny bundle that a test may damage.
class BundleTest : public TemporaryFolder {
 protected:
  BundleTest() {
    fs::copy(VSA_SOURCE_DIR "/tests/data/tiny-bundle", folder_,
             fs::copy_options::recursive);
    model_ = json::parse(ReadFile(folder_ / "model.json", ErrorKind::kSetup));
  }

  // What loading says of the bundle with model_ as its model.json, without the
  // folder before it.
  std::string Complaint() {
    std::ofstream(folder_ / "model.json") << model_.dump();
    try {
      LoadBundle(folder_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      const std::string message = error.what();
      EXPECT_EQ(message.rfind(folder_.string() + "/", 0), 0u) << message;
      return message.substr(folder_.string().size() + 1);
    }
    return "";
  }

  json model_;
};

TEST_F(BundleTest, LoadsTheTinyBundle) {
  const Bundle bundle = LoadBundle(folder_);
  EXPECT_THAT(bundle.languages, ElementsAre("en"));
  EXPECT_EQ(bundle.text.tokenizer, "wordpiece");
  EXPECT_EQ(bundle.sha256,
            Sha256(ReadFile(folder_ / "model.json", ErrorKind::kSetup)));
}

TEST_F(BundleTest, IgnoresKeysThatItDoesNotKnow) {
  model_["later"] = 1;
  EXPECT_EQ(Complaint(), "");
}

TEST_F(BundleTest, RefusesANewerFormat) {
  model_["format"] = "vsa.bundle/2";
  EXPECT_EQ(Complaint(),
            "model.json: format \"vsa.bundle/2\" is not known to this version "
            "of vsa; expected \"vsa.bundle/1\"");
}

TEST_F(BundleTest, NamesAMissingValue) {
  model_["text"].erase("max_tokens");
  EXPECT_EQ(Complaint(), "model.json: \"text.max_tokens\" is missing");
}

TEST_F(BundleTest, NamesAValueOfTheWrongType) {
  model_["text"]["cls"] = "101";
  EXPECT_EQ(
      Complaint(),
      "model.json: \"text.cls\" must be a whole number from 0 to 10000000");
}

TEST_F(BundleTest, NamesClassesInAnotherOrder) {
  model_["sentiment"] = {"positive", "neutral", "negative"};
  EXPECT_EQ(Complaint(),
            "model.json: \"sentiment\" must be "
            "[\"negative\",\"neutral\",\"positive\"]");
}

TEST_F(BundleTest, RefusesAFileThatWasAltered) {
  const fs::path vocab =
      folder_ / model_["files"]["vocab"]["path"].get<std::string>();
  std::ofstream(vocab, std::ios::app) << "more\n";
  const std::string expected = model_["files"]["vocab"]["sha256"];
  EXPECT_EQ(Complaint(),
            vocab.filename().string() +
                ": is not the file that model.json names: its SHA-256 is " +
                Sha256(ReadFile(vocab, ErrorKind::kSetup)) + ", expected " +
                expected);
}

TEST_F(BundleTest, RefusesAMissingFile) {
  fs::remove(folder_ / "model.pt");
  EXPECT_EQ(Complaint(),
            "model.pt: cannot be opened: No such file or directory");
}

TEST_F(BundleTest, RefusesAFileOutsideOfItsFolder) {
  model_["files"]["module"]["path"] = "../model.pt";
  EXPECT_EQ(Complaint(),
            "model.json: \"files.module.path\" must be the name of a file in "
            "the bundle's folder");
}

TEST_F(BundleTest, RefusesAFolderWithoutModelJson) {
  fs::remove(folder_ / "model.json");
  EXPECT_THROW(LoadBundle(folder_), Error);
}

TEST_F(BundleTest, SaysWhereJsonBreaks) {
  std::ofstream(folder_ / "model.json")
      << "{\n\"format\": \"vsa.bundle/1\",\n!";
  try {
    LoadBundle(folder_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              folder_.string() + "/model.json:3: is not JSON");
  }
}

TEST(Sha256, AgreesWithTheStandard) {
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace vsa
