// `vsa evaluate` from the outside: with predictions, with the tiny bundle, and
// with the default bundle on MOSI where it is there.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kSample = kRoot + "/samples/sample.mp4";
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";
const std::string kHeader = "video_id,clip_id,text,label,annotation,mode\n";

std::string Mosi() {
  const char* shared = std::getenv("VSA_SHARED");
  return (shared ? shared : kRoot + "/../shared") +
         std::string("/data/text/mosi/label.csv");
}

class EvaluateTest : public TemporaryFolder {
 protected:
  static Outcome Evaluate(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "evaluate");
    return RunProgram(arguments);
  }

  static json Success(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Outcome outcome = Evaluate(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(FaultOfMetrics(outcome.out), "");
    return json::parse(outcome.out, nullptr, false);
  }

  void ExpectRefused(const std::vector<std::string>& arguments, int exit_code,
                     const std::string& message) {
    const Outcome outcome = Evaluate(arguments);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "vsa: " + message + "\n");
  }

  // Three clips and what a system said of them.
  std::string Labels() const {
    return Write("labels.csv", kHeader +
                                   "x,1,GOOD,1,,test\nx,2,BAD,-1,,test\n"
                                   "x,3,NICE,2,,test\nx,4,,0,,valid\n");
  }
  std::string Ones() const {
    return Write("ones.csv", "video_id,clip_id,score\nx,1,1\nx,2,1\nx,3,1\n");
  }
};

TEST_F(EvaluateTest, PredictionsMayStartWithAByteOrderMark) {
  const std::string labels =
      Write("l.csv", kHeader + "x,1,GOOD,1,,test\nx,2,BAD,-1,,test\n");
  std::string results;
  for (const char* id : {"x/1", "x/2"}) {
    results += RunProgram({"classify", kSample, "--end", "1", "--id", id,
                           "--model", kTiny})
                   .out;
  }
  for (const std::string& predictions :
       {results, std::string("video_id,clip_id,score\nx,1,1\nx,2,-1\n")}) {
    const std::string plain = Write("p", predictions);
    const std::string marked = Write("marked", "\xEF\xBB\xBF" + predictions);
    EXPECT_EQ(Success({labels, "--predictions", marked}),
              Success({labels, "--predictions", plain}));
  }
}

TEST_F(EvaluateTest, ScoresPredictionsOfOthers) {
  const json result = Success({Labels(), "--predictions", Ones()});
  EXPECT_EQ(result["schema"], "vsa.metrics/1");
  EXPECT_EQ(result["n"], 3);
  EXPECT_EQ(result["compat"], "mmsa");
  const json& metrics = result["metrics"];
  EXPECT_EQ(metrics["has0_acc2"], 0.6667);
  EXPECT_EQ(metrics["non0_f1"], 0.5333);
  EXPECT_EQ(metrics["mae"], 1.0);
  EXPECT_TRUE(metrics["corr"].is_null());
  EXPECT_TRUE(metrics["ece"].is_null());
  EXPECT_EQ(metrics["acc3"], 0.6667);
  EXPECT_EQ(metrics["recall3"], 0.5);
  EXPECT_EQ(result["confusion"], json::parse("[[0,0,1],[0,0,0],[0,0,2]]"));
  EXPECT_TRUE(result["model"].is_null());
  EXPECT_TRUE(result["clips"]["text"].is_null());
  EXPECT_TRUE(result["clips"]["without_video"].is_null());
  EXPECT_EQ(result["rules"]["neutral_truth"], "|label| <= 0.5");
  EXPECT_EQ(result["rules"]["predicted_class"],
            "neutral where |score| <= 0.5, else its sign");
}

TEST_F(EvaluateTest, ScoresOfChSims) {
  const std::string labels =
      Write("sims.csv", kHeader +
                            "x,1,好,0.6,,test\nx,2,坏,-0.4,,test\n"
                            "x,3,嗯,0,,test\n");
  const std::string scores =
      Write("scores.csv", "video_id,clip_id,score\nx,1,0.8\nx,2,-2\nx,3,.1\n");
  const json result =
      Success({labels, "--scale", "sims", "--predictions", scores});
  EXPECT_EQ(result["scale"], "sims");
  EXPECT_EQ(result["metrics"].size(), 6u);
  EXPECT_EQ(result["metrics"]["acc2"], 0.6667);
  EXPECT_EQ(result["metrics"]["acc3"], 1.0);
  EXPECT_EQ(result["metrics"]["acc5"], 0.3333);
  EXPECT_EQ(result["metrics"]["mae"], 0.3);
  EXPECT_EQ(result["confusion"], json::parse("[[1,0,0],[0,1,0],[0,0,1]]"));
  EXPECT_EQ(result["rules"]["neutral_truth"], "-0.1 < label <= 0.1");
  EXPECT_EQ(Evaluate({labels, "--scale", "sims", "--predictions", scores,
                      "--require", "acc3>=1"})
                .exit_code,
            0);
  ExpectRefused({labels, "--scale", "sims", "--require", "acc7>=1"}, 2,
                "--require acc7>=1: \"acc7\" is no metric; expected one of "
                "acc2, f1, acc3, acc5, mae, corr");
  ExpectRefused({labels, "--scale", "sims", "--compat", "mult"}, 2,
                "--scale sims: has rules of its own; expected neither --compat "
                "nor --neutral (see vsa --help)");
  ExpectRefused(
      {Labels(), "--scale", "sims"}, 2,
      Labels() + ":4: the label is \"2\"; expected a number from -1 to 1");
}

TEST_F(EvaluateTest, SavedPredictionsGiveTheSameFigures) {
  const std::string saved = (folder_ / "saved.csv").string();
  for (const char* scale : {"mosi", "sims"}) {
    const std::string labels = Write(
        "l.csv", kHeader + "x,1,GOOD,1,,test\n\"x, y\",2,BAD,-0.5,,test\n");
    const json run = Success({labels, "--scale", scale, "--model", kTiny,
                              "--dtype", "fp32", "--save", saved});
    const json again =
        Success({labels, "--scale", scale, "--predictions", saved});
    EXPECT_EQ(again["metrics"], run["metrics"]);
    EXPECT_EQ(again["confusion"], run["confusion"]);
    const Outcome streamed =
        Evaluate({labels, "--scale", scale, "--model", kTiny, "--dtype", "fp32",
                  "--save", "-"});
    EXPECT_EQ(streamed.out, Contents(saved));
    EXPECT_EQ(streamed.err, "");
  }
  EXPECT_THAT(Contents(saved), HasSubstr("\n\"x, y\",2,"));
}

TEST_F(EvaluateTest, SaveReplacesNothingElse) {
  const std::string labels = Labels(), ones = Ones();
  const std::string other = (folder_ / "other.csv").string();
  for (const char* bytes : {"", "a,b\n", "video_id,clip_id,scores\n"}) {
    Write("other.csv", bytes);
    ExpectRefused({labels, "--predictions", ones, "--save", other}, 3,
                  other +
                      ": exists and is no file of predictions of vsa; use "
                      "--force to replace it");
    EXPECT_EQ(Contents(other), bytes);
  }
  for (const std::string& input : {labels, ones})
    EXPECT_EQ(
        Evaluate({labels, "--predictions", ones, "--save", input, "--force"})
            .exit_code,
        3);
  EXPECT_EQ(
      Evaluate({labels, "--predictions", ones, "--save", other, "--force"})
          .exit_code,
      0);
  EXPECT_EQ(Contents(other), Contents(ones));
  fs::create_directories(folder_ / "videos" / "x");
  const std::string clip = Write("videos/x/1.mp4", "a video");
  const Outcome of_videos =
      Evaluate({labels, "--videos", (folder_ / "videos").string(), "--save",
                clip, "--force", "--model", kTiny});
  EXPECT_EQ(of_videos.exit_code, 3);
  EXPECT_EQ(Contents(clip), "a video");
  EXPECT_EQ(
      Evaluate({labels, "--predictions", ones, "--save", other}).exit_code, 0);
}

TEST_F(EvaluateTest, OtherConventionsAreNotRounded) {
  const json result = Success({Labels(), "--predictions", Ones(), "--compat",
                               "mult", "--neutral", "sign"});
  EXPECT_DOUBLE_EQ(result["metrics"]["non0_acc2"].get<double>(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(result["metrics"]["non0_f1"].get<double>(), 0.8)
      << "weighted by the predictions, which are all positive";
  EXPECT_EQ(result["rules"]["neutral_truth"], "label = 0");
  EXPECT_EQ(result["rules"]["rounding"], "none");
}

TEST_F(EvaluateTest, TheSameBytesEachTime) {
  const std::string labels = Labels(), ones = Ones();
  EXPECT_EQ(Evaluate({labels, "--predictions", ones}).out,
            Evaluate({labels, "--predictions", ones}).out);
}

TEST_F(EvaluateTest, TablesForPeopleAndMarkdown) {
  const std::string labels = Labels();
  const Outcome table = Evaluate({labels, "--predictions", Ones()});
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_THAT(table.out, HasSubstr("3 clips of split test of " + labels));
  EXPECT_THAT(table.out, HasSubstr("\nmae                         1.0000  "));
  EXPECT_THAT(table.out, HasSubstr("\ncorr                             -\n"));
  const Outcome markdown =
      Evaluate({labels, "--predictions", Ones(), "--format", "markdown"});
  EXPECT_THAT(markdown.out, HasSubstr("\n| mae | 1.0000 | "));
  EXPECT_THAT(markdown.out, HasSubstr("\n| positive | 0 | 0 | 2 |\n"));
  EXPECT_THAT(markdown.out, HasSubstr("\\|label\\| <= 0.5"));
}

TEST_F(EvaluateTest, RequirementsAreAGate) {
  const std::string labels = Labels(), ones = Ones();
  EXPECT_EQ(Evaluate({labels, "--predictions", ones, "--require",
                      "has0_acc2>=0.6667", "--require", "mae<=1"})
                .exit_code,
            0);
  const Outcome outcome =
      Evaluate({"--require", "mae<0.9", "--require", "corr>0", labels,
                "--predictions", ones, "--format", "json"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_EQ(outcome.err,
            "vsa: --require mae<0.9: not met, it is 1; corr>0: not met, it is "
            "undefined\n");
  EXPECT_EQ(FaultOfMetrics(outcome.out), "");
}

TEST_F(EvaluateTest, WrongOptionsAreSaidBeforeAnyWork) {
  const std::string none = (folder_ / "none.csv").string();
  ExpectRefused({none, "--require", "mae=0.9"}, 2,
                "--require mae=0.9: has no comparison; expected one as in "
                "non0_acc2>=0.83");
  const Outcome unknown = Evaluate({none, "--require", "acc2>=0.9"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("\"acc2\" is no metric; expected one of "
                                     "has0_acc2, has0_f1, "));
  ExpectRefused({none}, 2,
                none + ": cannot be opened: No such file or directory");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {},
           {none, "--split", "tset"},
           {none, "--compat", "misa"},
           {none, "--neutral", "0.1"},
           {none, "--format", "xml"},
           {none, "--videos", "a", "--predictions", "b"}}) {
    const Outcome outcome = Evaluate(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
  ExpectRefused({Labels(), "--videos", none, "--model", kTiny}, 2,
                none + ": is no folder; expected that of the videos");
}

TEST_F(EvaluateTest, WrongTablesAreOneLine) {
  const std::string labels =
      Write("wrong.csv", kHeader + "x,1,\"A\nB\",1,,test\nx,2,C,NaN,,test\n");
  ExpectRefused({labels}, 2,
                labels +
                    ":4: the label is \"NaN\"; expected a number from -3 "
                    "to 3");
  const std::string few =
      Write("few.csv", "video_id,clip_id,score\nx,1,1\nx,3,1\n");
  ExpectRefused({Labels(), "--predictions", few}, 2,
                few +
                    ": has no prediction of x/2; expected one for each "
                    "labelled clip of the split");
  ExpectRefused({folder_.string()}, 2,
                folder_.string() + ": is not a regular file; expected one");
}

TEST_F(EvaluateTest, RunsTheModelOnTheWordsOfTheTable) {
  const json result = Success({Labels(), "--model", kTiny, "--dtype", "fp32"});
  EXPECT_EQ(result["clips"]["text"], 3);
  EXPECT_EQ(result["clips"]["pictures"], 0);
  EXPECT_EQ(result["model"]["name"],
            json::parse(Contents(kTiny + "/model.json"))["name"]);
  EXPECT_EQ(result["model"]["dtype"], "fp32");
  EXPECT_EQ(result["rules"]["predicted_class"], "most probable class");
  EXPECT_FALSE(result["metrics"]["ece"].is_null());
  const json valid = Success({Labels(), "--split", "valid", "--model", kTiny});
  EXPECT_EQ(valid["n"], 1);
  EXPECT_EQ(valid["clips"]["no_evidence"], 1);
  EXPECT_EQ(valid["metrics"]["mae"], 0.0);
  EXPECT_EQ(valid["confusion"], json::parse("[[0,0,0],[0,1,0],[0,0,0]]"));
  EXPECT_TRUE(valid["metrics"]["ece"].is_null());
}

TEST_F(EvaluateTest, WordsAloneNeedNoFrameEncoder) {
  const fs::path bundle = folder_ / "bundle";
  fs::copy(kTiny, bundle);
  Write("bundle/frames.pt",
        std::string(fs::file_size(bundle / "frames.pt"), 'x'));
  EXPECT_EQ(Success({Labels(), "--model", bundle.string()})["clips"]["text"],
            3);
}

TEST_F(EvaluateTest, TheThreadsDoNotMatter) {
  std::string rows;
  for (int i = 0; i < 70; ++i) {
    rows += "x," + std::to_string(i) + ",GOOD" +
            std::string(static_cast<std::size_t>(i * 37 % 50), ' ') + "DAY" +
            (i % 3 ? " AND NIGHT" : "") + ",0.5,,test\n";
  }
  const std::string table = Write("many.csv", kHeader + rows);
  const std::vector<std::string> arguments = {
      table, "--compat", "mult", "--format", "json", "--model", kTiny};
  std::vector<std::string> one_thread = arguments;
  one_thread.insert(one_thread.end(), {"--threads", "1"});
  const Outcome all = Evaluate(arguments);
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_EQ(all.out, Evaluate(one_thread).out);
}

// The mean error to a truth of 0 is the score. Within the rounding of floats,
// it is that of `classify` for the same words.
TEST_F(EvaluateTest, AClipsScoreIsItsOwn) {
  const auto magnitude = [&](const std::string& rows) {
    const std::string path = Write("rows.csv", kHeader + rows);
    return Success({path, "--compat", "mult", "--model", kTiny, "--dtype",
                    "fp32"})["metrics"]["mae"]
        .get<double>();
  };
  const double good = magnitude("x,1,WHAT A GOOD DAY IT IS,0,,test\n");
  const double bad = magnitude("x,1,I DO NOT KNOW,0,,test\n");
  EXPECT_NE(good, bad);
  std::string copies;
  for (int i = 0; i < 40; ++i) {
    copies += "x," + std::to_string(i) + "," +
              (i % 2 ? "WHAT A GOOD DAY IT IS" : "I DO NOT KNOW") +
              ",0,,test\n";
  }
  EXPECT_NEAR(magnitude(copies), (good + bad) / 2, 1e-5);
}

TEST_F(EvaluateTest, TakesPicturesWhereThereAreVideos) {
  fs::create_directories(folder_ / "videos" / "x");
  fs::copy(kSample, folder_ / "videos" / "x" / "1.mp4");
  // Neither a text beside it nor another clip's video is its own.
  Write("videos/x/1.json", "{}");
  fs::copy(kSample, folder_ / "videos" / "x" / "22.mp4");
  const std::string videos = (folder_ / "videos").string();
  const json result = Success({Labels(), "--videos", videos, "--model", kTiny});
  EXPECT_EQ(result["clips"]["text"], 3);
  EXPECT_EQ(result["clips"]["without_video"], 2);
  EXPECT_EQ(result["clips"]["pictures"], 1);
  const json words = Success({Labels(), "--model", kTiny});
  EXPECT_NE(result["metrics"]["mae"], words["metrics"]["mae"]);
}

TEST_F(EvaluateTest, AVideoThatFailsIsCountedAndScoresZero) {
  fs::create_directories(folder_ / "videos" / "x");
  const std::string broken = Write("videos/x/2.mp4", "this is no video\n");
  const Outcome outcome =
      Evaluate({Labels(), "--videos", (folder_ / "videos").string(), "--model",
                kTiny, "--format", "json"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, testing::StartsWith("vsa: " + broken + ": "));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_EQ(FaultOfMetrics(outcome.out), "");
  const json result = json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(result["clips"]["failed"], 1);
  EXPECT_EQ(result["clips"]["no_evidence"], 0);
  EXPECT_EQ(result["confusion"][0], json::parse("[0,1,0]"));
}

TEST_F(EvaluateTest, ScoresResultsOfClassify) {
  std::string results;
  for (const char* id : {"x/1", "x/2"}) {
    results += RunProgram({"classify", kSample, "--no-subs", "--id", id,
                           "--model", kTiny, "--compact"})
                   .out;
  }
  results += RunProgram({"classify", "/nowhere.mp4", "--id", "x/3", "--model",
                         kTiny, "--compact"})
                 .out;
  const json result =
      Success({Labels(), "--predictions", Write("r.jsonl", results)});
  EXPECT_EQ(result["clips"]["text"], 0);
  EXPECT_EQ(result["clips"]["pictures"], 2);
  EXPECT_EQ(result["clips"]["failed"], 1);
  EXPECT_EQ(result["model"]["name"],
            json::parse(Contents(kTiny + "/model.json"))["name"]);
}

TEST_F(EvaluateTest, TheDefaultBundleReadsMosi) {
  if (!fs::exists(Mosi())) GTEST_SKIP() << "no " << Mosi();
  const json result = Success({Mosi(), "--split", "valid"});
  EXPECT_EQ(result["n"], 229);
  EXPECT_EQ(result["clips"]["text"], 229);
  EXPECT_EQ(result["model"]["name"], "default-en");
  EXPECT_GT(result["metrics"]["non0_acc2"], 0.7);
  EXPECT_GT(result["metrics"]["corr"], 0.5);
}

}  // namespace
}  // namespace vsa
