#include "analysis/extract.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/analysis/fakes.h"
#include "tests/base/json_lines.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
namespace fs = std::filesystem;

// A video of 4 s with a frame each half second, whose picture is its number.
class ExtractTest : public TemporaryFolder {
 protected:
  ExtractTest() {
    judge_.segments = {1.0, 10.0, {1.0, 0.25}};
    engine_.open_video = [](const std::string& path, const Sampling&) {
      if (fs::path(path).filename() == "broken.mp4")
        throw Error(ErrorKind::kInput, path + ": is no video");
      std::vector<Time> times;
      for (int i = 0; i < 8; ++i) times.push_back(milliseconds(500 * i));
      return std::make_unique<FakeVideo>(times, seconds(4));
    };
    judge_.make_cropper = [] {
      return [](const Frame& frame) {
        Crop crop;
        crop.image = frame.image;
        crop.width = 2;
        crop.height = 1;
        crop.score = 0.75;
        return frame.image.pixels[0] == 3 ? std::vector<Crop>{}
                                          : std::vector<Crop>{crop};
      };
    };
    item_.video = (folder_ / "a.mp4").string();
    Write("a.srt", "1\n00:00:01,500 --> 00:00:03,200\nHello there.\n");
  }

  ExtractionFolder Folder(bool force = false) {
    return ExtractionFolder(output_.string(), kCrops, {item_.video}, force);
  }

  // The bytes of a picture stand for its PNG.
  void Add(const Item& item, ExtractionFolder folder) { Add(item, &folder); }
  void Add(const Item& item, ExtractionFolder* folder) {
    AddCrops(
        item, engine_,
        [](const Image& rgb) {
          return std::string(1, static_cast<char>('0' + rgb.pixels[0]));
        },
        folder);
  }

  std::string Refusal(bool force) {
    try {
      Folder(force);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return error.what();
    }
    return "";
  }

  std::vector<json> Lines() const {
    return JsonLines(Contents(output_ / "segments.jsonl"));
  }

  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
  fs::path output_ = folder_ / "out";
};

TEST_F(ExtractTest, GivesEachSegmentWithItsWordsAndCrops) {
  Add(item_, Folder());
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["start"], 0);
  EXPECT_EQ(lines[0]["end"], 1.5);
  EXPECT_EQ(lines[0]["text"], "");
  EXPECT_EQ(lines[0]["frames"], 3);
  EXPECT_EQ(lines[1]["segment"], 1);
  EXPECT_EQ(lines[1]["text"], "Hello there.");
  EXPECT_EQ(lines[1]["frames"], 5);
  ASSERT_EQ(lines[1]["faces"].size(), 4u);  // none in the frame at 1.5 s
  const json& face = lines[1]["faces"][0];
  EXPECT_EQ(face["path"], "faces/0/00002000-0.png");
  EXPECT_EQ(face["time"], 2);
  EXPECT_EQ(face["weight"], 1);
  EXPECT_EQ(face["box"], json({0, 0, 2, 1}));
  EXPECT_EQ(face["score"], 0.75);
  EXPECT_EQ(Contents(output_ / "faces/0/00002000-0.png"), "4");
}

TEST_F(ExtractTest, HearsWhereThereAreNoOtherWords) {
  engine_.speech = [] { return SpeechName(); };
  engine_.hear = [](const Item&, TaskPool*, std::vector<Warning>*) {
    return std::optional<Heard>(OneHeardCue("I hear you."));
  };
  Item item;
  item.video = (folder_ / "b.mp4").string();
  Add(item, Folder());
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1]["start"], 1);
  EXPECT_EQ(lines[1]["text"], "I hear you.");
  Add(item_, Folder());
  EXPECT_EQ(Lines().at(1)["text"], "Hello there.");
}

TEST_F(ExtractTest, AFailedVideoIsALineAndLeavesNoFaces) {
  ExtractionFolder folder = Folder();
  Item broken;
  broken.video = (folder_ / "broken.mp4").string();
  EXPECT_THROW(Add(broken, &folder), Error);
  folder.AddFailure(broken,
                    Error(ErrorKind::kInput, "broken.mp4: is no video"));
  Add(item_, &folder);
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["error"]["message"], "broken.mp4: is no video");
  EXPECT_EQ(lines[1]["video"], item_.video);
  EXPECT_FALSE(fs::exists(output_ / "faces/0"));
  EXPECT_TRUE(fs::exists(output_ / "faces/1"));
}

TEST_F(ExtractTest, ReplacesAFolderOfItsOwnKindAlone) {
  Add(item_, Folder());
  EXPECT_EQ(Refusal(false), "");
  EXPECT_TRUE(Lines().empty());
  EXPECT_FALSE(fs::exists(output_ / "faces"));

  Write("out/segments.jsonl", "my notes\n");
  EXPECT_EQ(Refusal(false),
            output_.string() +
                ": exists and is no folder of vsa extract; use --force to "
                "write into it");
  EXPECT_EQ(Contents(output_ / "segments.jsonl"), "my notes\n");
  Write("out/other.txt", "kept");
  EXPECT_EQ(Refusal(true), "");
  EXPECT_EQ(Contents(output_ / "other.txt"), "kept");
}

TEST_F(ExtractTest, DoesNotReplaceItsInput) {
  fs::create_directories(output_ / "faces");
  item_.video = Write("out/faces/a.mp4", "a video");
  EXPECT_EQ(Refusal(true), output_.string() + ": would replace the input " +
                               item_.video +
                               "; the output must be another folder");
  EXPECT_EQ(Contents(item_.video), "a video");
}

TEST_F(ExtractTest, AFolderThatCannotBeMadeIsSaidSo) {
  Write("out", "a file");
  EXPECT_THAT(Refusal(false),
              testing::HasSubstr(output_.string() + ": cannot be written"));
}

}  // namespace
}  // namespace vsa
