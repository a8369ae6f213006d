#include "analysis/extract_vectors.h"

#include <gmock/gmock.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "analysis/extract.h"
#include "tests/analysis/fakes.h"
#include "tests/base/json_lines.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
namespace fs = std::filesystem;

// A video of 4 s with a frame each half second, whose picture is its number;
// that at 1.5 s has no face, that at 2 s two.
class ExtractVectorsTest : public TemporaryFolder {
 protected:
  ExtractVectorsTest() {
    judge_.name = {"tiny", "1", std::string(64, 'a'), "fp32"};
    judge_.text.max_tokens = 10;
    judge_.segments = {1.0, 10.0, {1.0, 0.25}};
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
    engine_.open_video = [](const std::string& path, const Sampling&) {
      std::vector<Time> times;
      for (int i = 0; i < 8; ++i) times.push_back(milliseconds(500 * i));
      auto video = std::make_unique<FakeVideo>(times, seconds(4));
      if (fs::path(path).filename() == "broken.mp4")
        throw Error(ErrorKind::kInput, path + ": is no video");
      return video;
    };
    judge_.make_cropper = [] {
      return [](const Frame& frame) {
        Crop crop;
        crop.image = frame.image;
        crop.width = 2;
        crop.height = 1;
        const int number = frame.image.pixels[0];
        if (number == 3) return std::vector<Crop>{};
        if (number != 4) return std::vector<Crop>{crop};
        crop.weight = 0.75;
        Crop other = crop;
        other.weight = 0.25;
        return std::vector<Crop>{crop, other};
      };
    };
    item_.video = (folder_ / "a.mp4").string();
    Write("a.srt", "1\n00:00:01,500 --> 00:00:03,200\nHello there.\n");
  }

  ExtractionFolder Folder(bool force = false) {
    return ExtractionFolder((folder_ / "out").string(), kVectors, {item_.video},
                            force);
  }

  std::vector<json> Lines() const {
    return JsonLines(Contents(folder_ / "out/segments.jsonl"));
  }

  // Of a .npy in the folder.
  std::vector<float> Figures(const std::string& path) const {
    const std::string bytes = Contents(folder_ / "out" / path).substr(128);
    std::vector<float> figures(bytes.size() / sizeof(float));
    std::memcpy(figures.data(), bytes.data(), bytes.size());
    return figures;
  }

  FakeTokenizer tokenizer_;
  FakeModel model_;
  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
};

TEST_F(ExtractVectorsTest, AreWhatIsFused) {
  ExtractionFolder folder = Folder();
  AddVectors(item_, engine_, &folder);
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["schema"], "vsa.vectors/1");
  EXPECT_EQ(lines[0]["segment"], 0);
  EXPECT_EQ(lines[0]["text"], "");
  EXPECT_TRUE(lines[0]["vectors"]["text"].is_null());
  EXPECT_EQ(lines[0]["vectors"]["visual"],
            json({{"path", "vectors/0/visual.npy"}, {"rows", {0, 3}}}));
  EXPECT_EQ(lines[0]["model"], json({{"name", "tiny"},
                                     {"version", "1"},
                                     {"sha256", std::string(64, 'a')},
                                     {"dtype", "fp32"}}));
  EXPECT_EQ(lines[1]["text"], "Hello there.");
  EXPECT_EQ(lines[1]["frames"], 5);
  EXPECT_EQ(lines[1]["vectors"]["text"],
            json({{"path", "vectors/0/text.npy"}, {"rows", {0, 1}}}));
  EXPECT_EQ(lines[1]["vectors"]["visual"]["rows"], json({3, 8}));
  ASSERT_EQ(lines[1]["faces"].size(), 5u);
  EXPECT_EQ(lines[1]["faces"][1],
            json({{"time", 2}, {"weight", 0.25}, {"box", {0, 0, 2, 1}}}));
  EXPECT_THAT(Figures("vectors/0/text.npy"), ElementsAre(5 + 6));
  EXPECT_THAT(Figures("vectors/0/visual.npy"),
              ElementsAre(0, 1, 2, 4, 4, 5, 6, 7));
}

TEST_F(ExtractVectorsTest, AModalityThatIsNowhereHasNoFile) {
  item_.no_subtitles = true;
  ExtractionFolder folder = Folder();
  AddVectors(item_, engine_, &folder);
  for (const json& line : Lines())
    EXPECT_TRUE(line["vectors"]["text"].is_null());
  EXPECT_FALSE(fs::exists(folder_ / "out/vectors/0/text.npy"));
  EXPECT_TRUE(fs::exists(folder_ / "out/vectors/0/visual.npy"));
}

TEST_F(ExtractVectorsTest, AFailedVideoIsALineAndLeavesNoVectors) {
  ExtractionFolder folder = Folder();
  Item broken;
  broken.video = (folder_ / "broken.mp4").string();
  EXPECT_THROW(AddVectors(broken, engine_, &folder), Error);
  folder.AddFailure(broken,
                    Error(ErrorKind::kInput, "broken.mp4: is no video"));
  AddVectors(item_, engine_, &folder);
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["schema"], "vsa.vectors/1");
  EXPECT_EQ(lines[0]["error"]["message"], "broken.mp4: is no video");
  EXPECT_EQ(lines[2]["vectors"]["text"]["path"], "vectors/1/text.npy");
  EXPECT_FALSE(fs::exists(folder_ / "out/vectors/0"));
}

TEST_F(ExtractVectorsTest, ReplacesAFolderOfItsOwnKindAlone) {
  {
    ExtractionFolder folder = Folder();
    AddVectors(item_, engine_, &folder);
  }
  Folder();
  EXPECT_FALSE(fs::exists(folder_ / "out/vectors"));
  {
    ExtractionFolder crops((folder_ / "out").string(), kCrops, {}, false);
    crops.AddFailure(item_, Error(ErrorKind::kInput, "a.mp4: is no video"));
  }
  try {
    Folder();
    FAIL() << "a folder of extract --output";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(),
              (folder_ / "out").string() +
                  ": exists and is no folder of vsa extract --vectors; use "
                  "--force to write into it");
  }
  Folder(/*force=*/true);
}

}  // namespace
}  // namespace vsa
