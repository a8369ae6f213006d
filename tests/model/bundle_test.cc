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
  EXPECT_EQ(ReadBundleFile(bundle.text_module), Contents(folder_ / "text.pt"));
  EXPECT_EQ(bundle.sha256,
            Sha256(ReadFile(folder_ / "model.json", ErrorKind::kSetup)));
}

TEST_F(BundleTest, IgnoresKeysThatItDoesNotKnow) {
  model_["later"] = 1;
  EXPECT_EQ(Complaint(), "");
}

TEST_F(BundleTest, SaysWhetherItIsForAuto) {
  const auto is_for_auto = [this] {
    std::ofstream(folder_ / "model.json") << model_.dump();
    return LoadAutoBundle(folder_).has_value();
  };
  EXPECT_TRUE(is_for_auto());
  model_["auto"] = true;
  EXPECT_TRUE(is_for_auto());
  model_["auto"] = "no";
  EXPECT_EQ(Complaint(), "model.json: \"auto\" must be true or false");
  model_["auto"] = false;
  EXPECT_EQ(Complaint(), "");
  EXPECT_FALSE(is_for_auto());
  model_.erase("auto");
  model_["format"] = "vsa.bundle/3";
  EXPECT_FALSE(is_for_auto());
}

TEST_F(BundleTest, RefusesANewerFormat) {
  model_["format"] = "vsa.bundle/3";
  EXPECT_EQ(Complaint(),
            "model.json: format \"vsa.bundle/3\" is not known to this version "
            "of vsa; expected \"vsa.bundle/2\"");
}

TEST_F(BundleTest, SaysHowToMakeANewBundleOfAnOldOne) {
  model_ = {{"format", "vsa.bundle/1"}};
  EXPECT_EQ(
      Complaint(),
      "model.json: format \"vsa.bundle/1\" is that of vsa 0.1; expected "
      "\"vsa.bundle/2\", which `python -m scripts.export upgrade OLD NEW` "
      "makes of it");
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

TEST_F(BundleTest, NamesLanguagesThatAreNoTags) {
  model_["languages"] = {"en", "zh-Hant", "deu"};
  EXPECT_EQ(Complaint(), "");
  for (const char* none : {"", "e", "english", "en, de", "12", "-en"}) {
    model_["languages"] = {"en", none};
    EXPECT_EQ(
        Complaint(),
        "model.json: \"languages\" must be a list of tags such as \"en\"");
  }
}

TEST_F(BundleTest, NamesClassesInAnotherOrder) {
  model_["sentiment"] = {"positive", "neutral", "negative"};
  EXPECT_EQ(Complaint(),
            "model.json: \"sentiment\" must be "
            "[\"negative\",\"neutral\",\"positive\"]");
}

TEST_F(BundleTest, NamesModalitiesThatItDoesNotKnow) {
  model_["fusion"]["modalities"] = {"text", "frames", "voice"};
  EXPECT_EQ(Complaint(),
            "model.json: \"fusion.modalities\" must be [\"text\",\"frames\"]");
}

TEST_F(BundleTest, ChecksPriorAndEmojiWhereTheyAre) {
  model_["frames"]["prior"] = {.5, .5, 0, 0, 0, 0, 0};
  EXPECT_EQ(Complaint(), "");
  model_["frames"]["prior"] = {.5, .5};
  EXPECT_EQ(
      Complaint(),
      "model.json: \"frames.prior\" must be a list of 7 numbers from 0 to "
      "1");
  model_["frames"].erase("prior");
  model_["text"]["tokenizer"]["emoji"] = {{"path", "emoji.txt"}};
  EXPECT_EQ(Complaint(),
            "model.json: \"text.tokenizer.emoji.bytes\" is missing");
}

TEST_F(BundleTest, RefusesAFileOfAnotherSize) {
  std::ofstream(folder_ / "text.pt", std::ios::app) << "more";
  const std::string expected = model_["text"]["module"]["bytes"].dump();
  EXPECT_EQ(Complaint(),
            "text.pt: is not the file that model.json names: it has " +
                std::to_string(fs::file_size(folder_ / "text.pt")) +
                " bytes, expected " + expected);
}

// Its size is looked at when the bundle is loaded, its bytes when they are
// used.
TEST_F(BundleTest, RefusesAFileThatWasAltered) {
  const Bundle bundle = LoadBundle(folder_);
  std::string bytes = Contents(folder_ / "text.pt");
  bytes.back() ^= 1;
  Write("text.pt", bytes);
  EXPECT_EQ(LoadBundle(folder_).text_module.sha256, bundle.text_module.sha256);
  try {
    ReadBundleFile(bundle.text_module);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    EXPECT_EQ(std::string(error.what()),
              (folder_ / "text.pt").string() +
                  ": is not the file that model.json names: its SHA-256 is " +
                  Sha256(bytes) + ", expected " + bundle.text_module.sha256);
  }
}

TEST_F(BundleTest, RefusesAMissingFile) {
  fs::remove(folder_ / "fusion.pt");
  EXPECT_EQ(Complaint(),
            "fusion.pt: cannot be opened: No such file or directory");
}

TEST_F(BundleTest, RefusesAFolderInPlaceOfAFile) {
  fs::remove(folder_ / "frames.pt");
  fs::create_directory(folder_ / "frames.pt");
  EXPECT_EQ(Complaint(), "frames.pt: is not a regular file");
}

TEST_F(BundleTest, RefusesASha256ThatIsNone) {
  model_["fusion"]["module"]["sha256"] = "abc";
  EXPECT_EQ(
      Complaint(),
      "model.json: \"fusion.module.sha256\" must be 64 digits from 0 to f");
}

TEST_F(BundleTest, RefusesAnAbsolutePath) {
  model_["text"]["module"]["path"] = (folder_ / "text.pt").string();
  EXPECT_EQ(Complaint(),
            "model.json: \"text.module.path\" must be relative to the bundle");
}

// A bundle in a folder of several, which may share files.
class BundleAmongOthersTest : public BundleTest {
 protected:
  BundleAmongOthersTest() {
    const fs::path top = folder_;
    fs::create_directories(top / "models/own");
    for (const fs::path& file : fs::directory_iterator(top)) {
      if (fs::is_regular_file(file))
        fs::rename(file, top / "models/own" / file.filename());
    }
    folder_ = top / "models/own";
  }
  ~BundleAmongOthersTest() override {
    folder_ = folder_.parent_path().parent_path();
  }

  // What is said of a frames module at this path.
  std::string ComplaintOf(const std::string& path) {
    model_["frames"]["module"]["path"] = path;
    return Complaint();
  }

  std::string StaysWithin() const {
    return "model.json: \"frames.module.path\" must stay within " +
           fs::canonical(folder_.parent_path()).string() +
           ", the folder that the bundle lies in";
  }
};

TEST_F(BundleAmongOthersTest, AFileMayLieBesideTheBundle) {
  fs::create_directory(folder_ / "../shared");
  fs::rename(folder_ / "frames.pt", folder_ / "../shared/frames.pt");
  EXPECT_EQ(ComplaintOf("../shared/frames.pt"), "");
}

TEST_F(BundleAmongOthersTest, RefusesAFileFurtherAway) {
  fs::rename(folder_ / "frames.pt", folder_ / "../../frames.pt");
  EXPECT_EQ(ComplaintOf("../../frames.pt"), StaysWithin());
}

TEST_F(BundleAmongOthersTest, RefusesALinkThatLeadsAway) {
  fs::rename(folder_ / "frames.pt", folder_ / "../../frames.pt");
  fs::create_symlink("../../frames.pt", folder_ / "frames.pt");
  EXPECT_EQ(ComplaintOf("frames.pt"), StaysWithin());
}

TEST_F(BundleAmongOthersTest, ABundleMayBeALink) {
  fs::create_directory(folder_ / "../shared");
  fs::rename(folder_ / "frames.pt", folder_ / "../shared/frames.pt");
  ASSERT_EQ(ComplaintOf("../shared/frames.pt"), "");
  fs::create_symlink(folder_, folder_ / "../../link");
  EXPECT_EQ(LoadBundle(folder_ / "../../link").name, "tiny");
}

TEST_F(BundleTest, RefusesAFolderWithoutModelJson) {
  fs::remove(folder_ / "model.json");
  EXPECT_THROW(LoadBundle(folder_), Error);
}

// What loading says of these bytes as model.json.
class ModelJsonTest : public BundleTest {
 protected:
  std::string ComplaintOf(const std::string& bytes) {
    Write("model.json", bytes);
    try {
      LoadBundle(folder_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return std::string(error.what()).substr(folder_.string().size() + 1);
    }
    return "";
  }
};

TEST_F(ModelJsonTest, SaysWhereJsonBreaks) {
  EXPECT_EQ(ComplaintOf("{\n\"format\": \"vsa.bundle/2\",\n!"),
            "model.json:3: is not JSON");
}

TEST_F(ModelJsonTest, RefusesWhatIsNestedTooDeep) {
  const std::size_t levels = 1000000;
  EXPECT_EQ(ComplaintOf("{\"format\": " + std::string(levels, '[') +
                        std::string(levels, ']') + "}"),
            "model.json: is nested too deep");
}

TEST_F(ModelJsonTest, RefusesANumberThatIsTooLarge) {
  EXPECT_EQ(ComplaintOf("{\"format\": 1e999}"),
            "model.json: holds a number that is too large");
}

// A file without blocks, as large as a disk: it is not read.
TEST_F(BundleTest, RefusesAModelJsonOfAbsurdSize) {
  fs::resize_file(folder_ / "model.json", std::uintmax_t{1} << 40);
  try {
    LoadBundle(folder_);
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    EXPECT_EQ(error.what(), (folder_ / "model.json").string() +
                                ": is larger than 16 MB; expected that of a "
                                "model bundle");
  }
}

TEST_F(ModelJsonTest, RefusesWhatIsNoObject) {
  EXPECT_EQ(ComplaintOf("[]"), "model.json: \"format\" is missing");
}

TEST(Sha256, AgreesWithTheStandard) {
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace vsa
