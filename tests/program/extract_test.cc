// `vsa extract` from the outside: the sample with the default bundle.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/base/json_lines.h"
#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kSample = VSA_SOURCE_DIR "/samples/sample.mp4";
const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";

class ExtractProgramTest : public TemporaryFolder {
 protected:
  std::vector<json> Lines(const std::string& schema = "extract") const {
    const std::string text = Contents(folder_ / "out/segments.jsonl");
    EXPECT_EQ(FaultOfLines(text, schema), "");
    return JsonLines(text);
  }
  std::string output_ = (folder_ / "out").string();
};

TEST_F(ExtractProgramTest, HasTheSegmentsAndFacesOfClassify) {
  // A segment between keyframes takes the nearest one; the media end at 12 s.
  const std::string late =
      Write("late.srt",
            "1\n00:00:01,700 --> 00:00:03,100\nI am here.\n\n"
            "2\n00:00:09,500 --> 00:00:11,600\nwell I think that\n\n"
            "3\n00:00:12,100 --> 00:00:13,500\nit was quite nice\n");
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{
           {},
           {"--subs", late},
           {"--subs", late, "--frames", "keyframes"},
           {"--subs", late, "--frames", "keyframes", "--end", "11"}}) {
    std::vector<std::string> extract = {"extract", kSample, "--output",
                                        output_};
    extract.insert(extract.end(), options.begin(), options.end());
    const Outcome outcome = RunProgram(extract);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out + outcome.err, "");
    std::vector<std::string> classify = {"classify", kSample};
    classify.insert(classify.end(), options.begin(), options.end());
    const json result = json::parse(RunProgram(classify).out)["segments"];
    const std::vector<json> lines = Lines();
    ASSERT_EQ(lines.size(), result.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (const char* key : {"start", "end", "text", "frames"})
        EXPECT_EQ(lines[i][key], result[i][key]) << key;
      EXPECT_EQ(lines[i]["faces"].size(), result[i]["faces"]);
      for (const json& face : lines[i]["faces"]) {
        const std::string png =
            Contents(folder_ / "out" / face["path"].get<std::string>());
        EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1A\n");
        EXPECT_EQ(png.substr(16, 8), std::string("\0\0\0\x50\0\0\0\x50", 8))
            << "the bundle's size is 80";
      }
    }
  }
}

TEST_F(ExtractProgramTest, SaysOfWordsWhatClassifySays) {
  const std::string late =
      Write("late.srt",
            "1\n00:00:10,000 --> 00:00:11,000\nIn time.\n\n"
            "2\n00:00:13,000 --> 00:00:14,000\nToo late.\n");
  const Outcome outcome =
      RunProgram({"extract", kSample, "--model", kTiny, "--subs", late,
                  "--output", output_, "--verbose"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "vsa: " + late +
                             ":6: 1 cue starts after the end of the media "
                             "(12.000 s)\n");
}

TEST_F(ExtractProgramTest, VectorsAreThoseOfTheSegmentsOfClassify) {
  const Outcome extract =
      RunProgram({"extract", kSample, "--vectors", output_, "--threads", "2"});
  EXPECT_EQ(extract.exit_code, 0) << extract.err;
  EXPECT_EQ(extract.out + extract.err, "");
  const json result = json::parse(RunProgram({"classify", kSample}).out);
  const std::vector<json> lines = Lines("vectors");
  ASSERT_EQ(lines.size(), result["segments"].size());
  // Rows follow each other.
  std::map<std::string, int> next;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const json& segment = result["segments"][i];
    EXPECT_EQ(lines[i]["model"], result["model"]);
    for (const char* key : {"start", "end", "text", "frames"})
      EXPECT_EQ(lines[i][key], segment[key]) << key;
    EXPECT_EQ(lines[i]["faces"].size(), segment["faces"]);
    for (const auto& [name, vectors] : lines[i]["vectors"].items()) {
      EXPECT_EQ(!vectors.is_null(), segment["modalities"][name]) << name;
      if (vectors.is_null()) continue;
      EXPECT_EQ(vectors["path"], "vectors/0/" + name + ".npy");
      EXPECT_EQ(vectors["rows"][0], next[name]);
      const int count =
          name == "text" ? 1 : static_cast<int>(lines[i]["faces"].size());
      next[name] += count;
      EXPECT_EQ(vectors["rows"][1], next[name]);
    }
  }
  for (const auto& [name, width] :
       std::map<std::string, int>{{"text", 384}, {"visual", 2048}}) {
    const std::string file = Contents(output_ + "/vectors/0/" + name + ".npy");
    EXPECT_THAT(file, HasSubstr("'shape': (" + std::to_string(next[name]) +
                                ", " + std::to_string(width) + ")"));
    EXPECT_EQ(file.size(),
              static_cast<std::size_t>(128 + 4 * next[name] * width));
  }
  // Whatever the threads.
  const std::string visual = Contents(output_ + "/vectors/0/visual.npy");
  EXPECT_EQ(
      RunProgram({"extract", kSample, "--vectors", output_, "--threads", "1"})
          .exit_code,
      0);
  EXPECT_EQ(Contents(output_ + "/vectors/0/visual.npy"), visual);
}

TEST_F(ExtractProgramTest, WritesFacesOrVectors) {
  for (const std::vector<std::string>& folders :
       std::vector<std::vector<std::string>>{
           {}, {"--output", "a", "--vectors", "b"}}) {
    std::vector<std::string> arguments = {"extract", kSample};
    arguments.insert(arguments.end(), folders.begin(), folders.end());
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.err,
              "vsa: --output or --vectors is required, and not both (see vsa "
              "--help)\n");
  }
}

TEST_F(ExtractProgramTest, VectorsOfAVideoThatFailsAreALine) {
  const Outcome outcome = RunProgram(
      {"extract", "/nowhere.mp4", kSample, "--end", "2", "--vectors", output_,
       "--model", VSA_SOURCE_DIR "/tests/data/tiny-bundle"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: /nowhere.mp4: no such file; expected a video\n");
  const std::vector<json> lines = Lines("vectors");
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[0]["error"]["kind"], "input");
  EXPECT_EQ(lines[1]["video"], kSample);
  EXPECT_EQ(lines[1]["model"]["name"], "tiny");
}

TEST_F(ExtractProgramTest, AVideoThatFailsIsExitCode1AndTheOthersAreThere) {
  const Outcome outcome = RunProgram(
      {"extract", "/nowhere.mp4", kSample, "--end", "2", "--output", output_});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: /nowhere.mp4: no such file; expected a video\n");
  const std::vector<json> lines = Lines();
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[0]["error"]["kind"], "input");
  EXPECT_EQ(lines[1]["video"], kSample);
}

TEST_F(ExtractProgramTest, SubtitlesOfOneVideoAreNotThoseOfTwo) {
  const Outcome outcome = RunProgram(
      {"extract", kSample, kSample, "--subs", "a.srt", "--output", output_});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("--subs a.srt: belongs to one video; expected one "
                        "VIDEO, or subtitles beside each"));
}

TEST_F(ExtractProgramTest, HearsWithASpeechBundleAlone) {
  const Outcome outcome =
      RunProgram({"extract", kSample, "--output", output_, "--transcribe",
                  "always", "--speech", "/nowhere"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(
      outcome.err,
      HasSubstr("vsa: /nowhere: is not a folder; expected a speech bundle"));
}

TEST_F(ExtractProgramTest, AFolderHasOneWriter) {
  std::filesystem::create_directory(folder_ / "x");
  const std::string folder = (folder_ / "x").string();
  const int other = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  for (const std::string option : {"--output", "--vectors"}) {
    const Outcome outcome =
        RunProgram({"extract", kSample, "--model", kTiny, option, folder});
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.err, "vsa: " + folder +
                               ": is in use by another vsa extract" +
                               (option == "--vectors" ? " --vectors" : "") +
                               "; expected to be its only writer\n");
    EXPECT_TRUE(std::filesystem::is_empty(folder));
  }
  close(other);
}

TEST_F(ExtractProgramTest, StdoutIsNoFolder) {
  for (const std::string option : {"--output", "--vectors"}) {
    const Outcome outcome =
        RunProgram({"extract", kSample, "--model", kTiny, option, "-"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.err, "vsa: " + option +
                               " -: is not written to stdout; expected a "
                               "folder\n");
  }
}

TEST_F(ExtractProgramTest, AFolderOfAnotherKindIsRefused) {
  std::filesystem::create_directories(output_);
  Write("out/mine.txt", "mine");
  const Outcome outcome = RunProgram({"extract", kSample, "--output", output_});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: " + output_ +
                             ": exists and is no folder of vsa extract; use "
                             "--force to write into it\n");
}

TEST_F(ExtractProgramTest, OnlyWhatItMadeIsRemoved) {
  const std::vector<std::string> extract = {
      "extract", kSample,   "--end",
      "1",       "--force", "--output",
      output_,   "--model", VSA_SOURCE_DIR "/tests/data/tiny-bundle"};
  for (const char* mine : {"out/faces/me.jpg", "out/faces/0/me.png",
                           "out/faces/me/0.png", "out/faces"}) {
    std::filesystem::create_directories((folder_ / mine).parent_path());
    Write(mine, "mine");
    const Outcome outcome = RunProgram(extract);
    EXPECT_EQ(outcome.exit_code, 3) << mine;
    EXPECT_THAT(outcome.err,
                HasSubstr("is in the way, and not written by vsa extract; "
                          "expected another folder for --output\n"));
    EXPECT_EQ(Contents(folder_ / mine), "mine");
    std::filesystem::remove_all(output_);
  }
  EXPECT_EQ(RunProgram(extract).exit_code, 0);
  std::filesystem::create_directories(folder_ / "out/faces/0");
  Write("out/faces/0/00000000-7.png.part-17", "of a killed run");
  Write("out/mine.txt", "mine");
  EXPECT_EQ(RunProgram(extract).exit_code, 0);
  EXPECT_FALSE(
      std::filesystem::exists(output_ + "/faces/0/00000000-7.png.part-17"));
  EXPECT_EQ(Contents(folder_ / "out/mine.txt"), "mine");
}

TEST_F(ExtractProgramTest, NothingIsRemovedFromAmongVectors) {
  std::filesystem::create_directories(output_ + "/vectors/0");
  const std::string mine = Write("out/vectors/0/mine.npy", "mine");
  const Outcome outcome =
      RunProgram({"extract", kSample, "--force", "--vectors", output_});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "vsa: " + mine +
                ": is in the way, and not written by vsa extract --vectors; "
                "expected another folder for --vectors\n");
  EXPECT_EQ(Contents(mine), "mine");
}

}  // namespace
}  // namespace vsa
