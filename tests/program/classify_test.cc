// `vsa classify` from the outside: the sample with the default bundle, and what
// else users hand to it.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kSample = kRoot + "/samples/sample.mp4";
const std::string kSubtitles = kRoot + "/samples/sample.srt";
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";

class ClassifyTest : public TemporaryFolder {
 protected:
  // Runs classify with the tiny bundle, for what does not depend on the
  // weights.
  static Outcome Classify(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "classify");
    arguments.insert(arguments.end(), {"--model", kTiny});
    return RunProgram(arguments);
  }

  static json Success(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    return json::parse(outcome.out, nullptr, false);
  }

  // One line on stderr, the same message in the result on stdout, exit code 1.
  static void ExpectFailedItem(const Outcome& outcome,
                               const std::string& message) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.err, "vsa: " + message + "\n");
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    const json result = json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(result.contains("error")) << outcome.out;
    EXPECT_EQ(result["error"]["message"], message);
  }
};

TEST_F(ClassifyTest, ExplainNamesTheWordsThatCarriedTheVerdict) {
  const std::string subtitles =
      Write("a.srt",
            "1\n00:00:00,000 --> 00:00:03,000\nCaf\u00E9 day, I hate "
            "it!\n");
  const json result = Success(
      RunProgram({"classify", kSample, "--subs", subtitles, "--explain"}));
  const json& segment = result["segments"][0];
  ASSERT_EQ(segment["sentiment"]["label"], "negative");
  const json& explanation = segment["explanation"];
  EXPECT_EQ(explanation["words"].size(), 5u);
  json strongest = explanation["words"][0];
  for (const json& word : explanation["words"])
    if (word["score"] > strongest["score"]) strongest = word;
  EXPECT_EQ(strongest["word"], "hate");
  EXPECT_EQ(strongest["start"], 12);
  EXPECT_EQ(strongest["end"], 16);
  EXPECT_EQ(explanation["faces"].size(), segment["faces"]);
  const double parts =
      explanation["text"]["changed"]["intensity"].get<double>() +
      explanation["visual"]["changed"]["intensity"].get<double>();
  EXPECT_NEAR(parts, segment["sentiment"]["intensity"].get<double>(), 3e-6);
}

TEST_F(ClassifyTest, WithoutExplainNothingElseChanges) {
  const json plain = Success(Classify({kSample, "--subs", kSubtitles}));
  json explained =
      Success(Classify({kSample, "--subs", kSubtitles, "--explain"}));
  for (json& segment : explained["segments"]) {
    EXPECT_EQ(segment.erase("explanation"), 1u);
  }
  EXPECT_EQ(explained, plain);
}

TEST_F(ClassifyTest, KeyframesAloneAreFewerFrames) {
  const json every = Success(Classify({kSample, "--subs", kSubtitles}));
  const json keyframes = Success(
      Classify({kSample, "--subs", kSubtitles, "--frames", "keyframes"}));
  EXPECT_EQ(every["video"]["frames"], "every");
  EXPECT_EQ(keyframes["video"]["frames"], "keyframes");
  EXPECT_GT(keyframes["video"]["frames_sampled"], 0);
  EXPECT_LT(keyframes["video"]["frames_sampled"],
            every["video"]["frames_sampled"]);
  ASSERT_EQ(keyframes["segments"].size(), every["segments"].size());
  for (std::size_t i = 0; i < every["segments"].size(); ++i) {
    for (const char* name : {"start", "text"})
      EXPECT_EQ(keyframes["segments"][i][name], every["segments"][i][name]);
  }
  const Outcome wrong = Classify({kSample, "--frames", "some"});
  EXPECT_EQ(wrong.exit_code, 2);
}

TEST_F(ClassifyTest, TheSampleGoesFromHappyToAnnoyed) {
  const json result =
      Success(RunProgram({"classify", kSample, "--subs", kSubtitles}));
  EXPECT_EQ(result["model"]["name"], "default-en");
  EXPECT_TRUE(result["modalities"]["visual"].get<bool>());
  std::vector<json> spoken;
  for (const json& segment : result["segments"]) {
    if (segment["modalities"]["text"].get<bool>()) spoken.push_back(segment);
  }
  ASSERT_GE(spoken.size(), 3u);
  EXPECT_EQ(spoken.front()["sentiment"]["label"], "positive");
  EXPECT_GT(spoken.front()["sentiment"]["intensity"], 0.5);
  EXPECT_EQ(spoken.back()["sentiment"]["label"], "negative");
  EXPECT_LT(spoken.back()["sentiment"]["intensity"], -0.5);
}

TEST_F(ClassifyTest, GivesTheSameBytesWhateverTheThreads) {
  const Outcome one =
      RunProgram({"classify", kSample, "--subs", kSubtitles, "--threads", "1"});
  const Outcome all = RunProgram({"classify", kSample, "--subs", kSubtitles});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_EQ(one.out, all.out);
}

// bf16 keeps 8 bits of a figure's 24: the tolerance that docs/output.md states.
TEST_F(ClassifyTest, Bf16AgreesWithFp32) {
  const json fp32 = Success(RunProgram(
      {"classify", kSample, "--subs", kSubtitles, "--dtype", "fp32"}));
  const json bf16 = Success(RunProgram(
      {"classify", kSample, "--subs", kSubtitles, "--dtype", "bf16"}));
  EXPECT_EQ(bf16["model"]["dtype"], "bf16");
  ASSERT_EQ(fp32["segments"].size(), bf16["segments"].size());
  for (std::size_t i = 0; i < fp32["segments"].size(); ++i) {
    const json& a = fp32["segments"][i];
    const json& b = bf16["segments"][i];
    if (a["sentiment"].is_null()) continue;
    EXPECT_NEAR(a["sentiment"]["intensity"].get<double>(),
                b["sentiment"]["intensity"].get<double>(), 0.1);
    for (const char* name : {"negative", "neutral", "positive"}) {
      EXPECT_NEAR(a["sentiment"]["probabilities"][name].get<double>(),
                  b["sentiment"]["probabilities"][name].get<double>(), 0.03);
    }
  }
}

TEST_F(ClassifyTest, FindsTheSidecarBesideTheVideo) {
  fs::copy(kSample, folder_ / "a.mp4");
  fs::copy(kSubtitles, folder_ / "a.en.SRT");
  const json result = Success(Classify({(folder_ / "a.mp4").string()}));
  EXPECT_EQ(result["subtitles"]["source"], "sidecar");
  EXPECT_EQ(result["subtitles"]["path"], (folder_ / "a.en.SRT").string());
  const json alone =
      Success(Classify({(folder_ / "a.mp4").string(), "--no-subs"}));
  EXPECT_EQ(alone["subtitles"]["source"], "none");
  EXPECT_FALSE(alone["modalities"]["text"].get<bool>());
}

TEST_F(ClassifyTest, ASidecarThatIsNoneIsAWarningAndTheSearchGoesOn) {
  fs::copy(kSample, folder_ / "a.mp4");
  Write("a.srt", "these are no subtitles");
  Write("a.fr.srt", "1\n00:00:00,000 --> 00:00:02,000\nBonjour.\n");
  const json result = Success(Classify({(folder_ / "a.mp4").string()}));
  EXPECT_EQ(result["subtitles"]["path"], (folder_ / "a.fr.srt").string());
  ASSERT_EQ(result["warnings"].size(), 2u);
  EXPECT_EQ(result["warnings"][0]["code"], "sidecar_unusable");
  EXPECT_EQ(result["warnings"][1]["code"], "subtitle_language");
}

TEST_F(ClassifyTest, AStretchKeepsTheTimesOfTheVideo) {
  const json result = Success(Classify(
      {kSample, "--subs", kSubtitles, "--start", "2", "--end", "0:05"}));
  ASSERT_FALSE(result["segments"].empty());
  EXPECT_EQ(result["segments"].front()["start"], 2.0);
  EXPECT_EQ(result["segments"].back()["end"], 5.0);
  EXPECT_EQ(result["video"]["frames_sampled"], 6);
}

TEST_F(ClassifyTest, SamplesAsManyFramesAsAsked) {
  const json two = Success(Classify({kSample, "--no-subs"}));
  const json five = Success(Classify({kSample, "--no-subs", "--fps", "5"}));
  const double seconds = two["video"]["duration"];
  EXPECT_NEAR(two["video"]["frames_sampled"].get<double>(), seconds * 2, 1);
  EXPECT_NEAR(five["video"]["frames_sampled"].get<double>(), seconds * 5, 1);
}

TEST_F(ClassifyTest, TakesPathsThatAreNotUtf8) {
  const fs::path video = folder_ / "caf\xE9.mp4";
  fs::copy(kSample, video);
  const json result = Success(Classify({video.string(), "--no-subs"}));
  EXPECT_THAT(result["video"]["path"].get<std::string>(),
              HasSubstr("caf\xEF\xBF\xBD.mp4"));
}

TEST_F(ClassifyTest, StatsAreThereWhenAskedFor) {
  const json result = Success(Classify({kSample, "--no-subs", "--stats"}));
  EXPECT_GT(result["stats"]["seconds"]["decode"], 0);
  EXPECT_GT(result["stats"]["peak_rss_bytes"], 0);
}

TEST_F(ClassifyTest, WarningsGoToStderrOnlyWithVerbose) {
  const std::string subs =
      Write("late.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nHi.\n\n2\n01:00:00,000 --> "
            "01:00:01,000\nLate.\n");
  EXPECT_EQ(Classify({kSample, "--subs", subs}).err, "");
  EXPECT_THAT(Classify({kSample, "--subs", subs, "--verbose"}).err,
              HasSubstr("vsa: " + subs +
                        ":6: 1 cue starts after the end of the media"));
}

TEST_F(ClassifyTest, WritesTheOutputFileWholeAndReplacesItsOwnKind) {
  const std::string output = (folder_ / "result.json").string();
  const Outcome outcome = Classify({kSample, "--no-subs", "--output", output});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  const std::string first = Contents(output);
  EXPECT_EQ(FaultOfResult(first), "");
  EXPECT_EQ(Classify({kSample, "--no-subs", "--output", output, "--id", "x"})
                .exit_code,
            0);
  EXPECT_NE(Contents(output), first);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(ClassifyTest, AnOutputThatIsNoResultIsReplacedWithForceAlone) {
  const std::string output = Write("notes.txt", "my notes");
  const Outcome refused = Classify({kSample, "--no-subs", "--output", output});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(
      refused.err,
      "vsa: " + output +
          ": exists and is no result of vsa; use --force to replace it\n");
  EXPECT_EQ(Contents(output), "my notes");
  EXPECT_EQ(
      Classify({kSample, "--no-subs", "--output", output, "--force"}).exit_code,
      0);
  EXPECT_EQ(FaultOfResult(Contents(output)), "");
}

TEST_F(ClassifyTest, StdoutDevicesAndLinksAreOutputs) {
  const std::string plain = Classify({kSample, "--end", "1"}).out;
  EXPECT_EQ(Classify({kSample, "--end", "1", "--output", "-"}).out, plain);
  EXPECT_FALSE(fs::exists("-"));
  const Outcome device =
      Classify({kSample, "--end", "1", "--output", "/dev/null"});
  EXPECT_EQ(device.exit_code, 0) << device.err;
  EXPECT_EQ(device.out, "");
  const std::string link = (folder_ / "link.json").string();
  fs::create_symlink("real.json", link);
  EXPECT_EQ(Classify({kSample, "--end", "1", "--output", link}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(Contents((folder_ / "real.json").string()), plain);
}

TEST_F(ClassifyTest, AnOutputThatIsAnInputIsRefused) {
  const std::string subs =
      Write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHi.\n");
  fs::create_symlink(subs, folder_ / "link");
  const std::string output = (folder_ / "link").string();
  const Outcome outcome =
      Classify({kSample, "--subs", subs, "--output", output, "--force"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(
      outcome.err,
      "vsa: " + output + ": is an input; the output must be another file\n");
  EXPECT_THAT(Contents(subs), HasSubstr("Hi."));
}

TEST_F(ClassifyTest, AnOutputThatCannotBeWrittenIsSaidBeforeTheWork) {
  const Outcome outcome =
      Classify({kSample, "--output", "/nowhere/result.json"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "vsa: /nowhere/result.json: cannot be written: /nowhere: No such "
            "file or directory\n");
}

TEST_F(ClassifyTest, AFailedItemLeavesTheOutputFileAsItWas) {
  const std::string output = (folder_ / "result.json").string();
  ASSERT_EQ(Classify({kSample, "--no-subs", "--output", output}).exit_code, 0);
  const std::string before = Contents(output);
  const Outcome outcome =
      Classify({(folder_ / "none.mp4").string(), "--output", output});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(FaultOfResult(outcome.out), "");
  EXPECT_EQ(Contents(output), before);
}

TEST_F(ClassifyTest, SubtitlesThatAreAskedForMustBeReadable) {
  const std::string none = (folder_ / "none.srt").string();
  ExpectFailedItem(Classify({kSample, "--subs", none}),
                   none + ": cannot be opened: No such file or directory");
  const std::string empty =
      Write("words.srt", "1\n00:00:01,000 --> 00:00:02,000\n[MUSIC]\n");
  const json result = Success(Classify({kSample, "--subs", empty}));
  ASSERT_EQ(result["warnings"].size(), 1u);
  EXPECT_EQ(result["warnings"][0]["code"], "subtitle_empty");
}

TEST_F(ClassifyTest, AFileOfSubtitlesThatIsEmptyHoldsNoWords) {
  const std::string empty = Write("a.srt", "");
  const json warnings({{{"code", "subtitle_empty"},
                        {"message", empty + ": holds no cue with words"}}});
  const json asked = Success(Classify({kSample, "--subs", empty}));
  EXPECT_EQ(asked["subtitles"]["cues"], 0);
  EXPECT_EQ(asked["subtitles"]["format"], nullptr);
  EXPECT_EQ(asked["warnings"], warnings);
  fs::copy(kSample, folder_ / "a.mp4");
  const json found = Success(Classify({(folder_ / "a.mp4").string()}));
  EXPECT_EQ(found["subtitles"]["source"], "none");
  EXPECT_EQ(found["warnings"], warnings);
}

TEST_F(ClassifyTest, AnEncodingThatDoesNotExistIsAWrongOption) {
  const Outcome outcome =
      Classify({kSample, "--subs", kSubtitles, "--encoding", "klingon"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
}

TEST_F(ClassifyTest, ABundleThatIsNoneIsASetUpFault) {
  const Outcome outcome =
      RunProgram({"classify", kSample, "--model", folder_.string()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "vsa: " + folder_.string() +
                "/model.json: cannot be opened: No such file or directory\n");
}

// The part's hash in model.json is right, but it is no TorchScript: found when
// it is needed.
TEST_F(ClassifyTest, APartThatIsNoTorchScriptIsASetUpFault) {
  const fs::path bundle = folder_ / "bundle";
  fs::copy(kTiny, bundle, fs::copy_options::recursive);
  std::ofstream(bundle / "frames.pt") << "abc";
  json model = json::parse(Contents(bundle / "model.json"));
  model["frames"]["module"]["bytes"] = 3;
  model["frames"]["module"]["sha256"] =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  std::ofstream(bundle / "model.json") << model.dump();
  const auto classify = [&](const std::string& video) {
    return RunProgram(
        {"classify", video, "--no-subs", "--model", bundle.string()});
  };
  const Outcome outcome = classify(kSample);
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(
      outcome.err,
      testing::StartsWith("vsa: " + (bundle / "frames.pt").string() + ": "));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1)
      << outcome.err;
  EXPECT_EQ(classify("/nowhere.mp4").exit_code, 1);
}

TEST_F(ClassifyTest, TheBundleMayComeFromTheEnvironment) {
  const Outcome outcome = RunProgram({"classify", kSample, "--no-subs"}, "",
                                     {"VSA_MODEL=" + kTiny});
  EXPECT_EQ(Success(outcome)["model"]["name"],
            json::parse(Contents(kTiny + "/model.json"))["name"]);
}

TEST_F(ClassifyTest, BrokenVideosAreOneLine) {
  const std::string empty = Write("empty.mp4", "");
  const std::string text = Write("text.mp4", "this is no video\n");
  for (const std::string& video :
       {empty, text, (folder_ / "none.mp4").string(), folder_.string()}) {
    const Outcome outcome = Classify({video});
    EXPECT_EQ(outcome.exit_code, 1) << video;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1)
        << outcome.err;
    EXPECT_THAT(outcome.err, testing::StartsWith("vsa: " + video + ": "));
    EXPECT_EQ(FaultOfResult(outcome.out), "");
  }
}

}  // namespace
}  // namespace vsa
