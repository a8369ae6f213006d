// An error is one line and the right exit code, whatever a path or a file holds
// and whatever a library throws.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";

class ErrorLinesTest : public TemporaryFolder {
 protected:
  // A file that is no video, with a newline and a colour in its name, and its
  // name in messages.
  const std::string odd_ = Write("a\nb\x1b[31m.mp4", "this is no video\n");
  const std::string odd_name_ = (folder_ / "a\\nb\\x1b[31m.mp4").string();
  const std::string message_ =
      odd_name_ +
      ": is no video, or one that is damaged or cut short; expected MP4, MKV, "
      "WebM, AVI or the like";

  // A bundle with this model.json; its folder.
  std::string Bundle(const std::string& model) const {
    const fs::path bundle = folder_ / "bundle";
    fs::remove_all(bundle);
    fs::copy(kTiny, bundle, fs::copy_options::recursive);
    Write("bundle/model.json", model);
    return bundle.string();
  }
};

void ExpectOneLine(const Outcome& outcome, const std::string& start) {
  EXPECT_THAT(outcome.err, StartsWith("vsa: " + start));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1)
      << outcome.err;
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos) << outcome.err;
}

TEST_F(ErrorLinesTest, ANameWithControlCharactersIsWrittenOut) {
  const Outcome classify = RunProgram({"classify", odd_, "--model", kTiny});
  EXPECT_EQ(classify.exit_code, 1);
  EXPECT_EQ(classify.err, "vsa: " + message_ + "\n");
  EXPECT_EQ(FaultOfResult(classify.out), "");
  const json result = json::parse(classify.out);
  EXPECT_EQ(result["video"]["path"], odd_) << "the path itself stays";
  EXPECT_EQ(result["error"]["message"], message_);

  const Outcome inspect = RunProgram({"inspect", odd_, "--model", kTiny});
  EXPECT_EQ(inspect.exit_code, 1);
  EXPECT_EQ(inspect.err, "vsa: " + message_ + "\n");
  EXPECT_EQ(json::parse(inspect.out)["error"]["message"], message_);

  const std::string extraction = (folder_ / "out").string();
  const Outcome extract =
      RunProgram({"extract", odd_, "--output", extraction, "--model", kTiny});
  EXPECT_EQ(extract.exit_code, 1);
  EXPECT_EQ(extract.err, "vsa: " + message_ + "\n");
  EXPECT_EQ(
      json::parse(Contents(extraction + "/segments.jsonl"))["error"]["message"],
      message_);

  const std::string results = (folder_ / "r\n.jsonl").string();
  const Outcome batch =
      RunProgram({"batch", odd_, "--output", results, "--model", kTiny});
  EXPECT_EQ(batch.exit_code, 1);
  EXPECT_EQ(batch.err,
            "vsa: " + message_ + "\nvsa: 0 computed, 0 kept, 1 failed\n");
  EXPECT_EQ(json::parse(Contents(results))["error"]["message"], message_);
  EXPECT_EQ(
      RunProgram({"batch", odd_, "--output", results, "--model", kTiny}).err,
      "vsa: " + (folder_ / "r\\n.jsonl").string() +
          ": 1 failure of an earlier run kept; --retry-failed computes again\n"
          "vsa: 0 computed, 0 kept, 1 failed\n");
}

TEST_F(ErrorLinesTest, AWrongArgumentIsWrittenOutToo) {
  const Outcome outcome = RunProgram({"a\nb"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err,
            "vsa: a\\nb: is no command of vsa; expected classify, transcribe, "
            "batch, evaluate, extract, inspect, report or tokenize\n");
}

TEST_F(ErrorLinesTest, ANumberThatIsNoneOrTooLargeIsAWrongArgument) {
  const std::vector<std::string> wrong[] = {
      {"--fps", "nan"},  {"--fps", "-nan"},   {"--fps", "inf"},
      {"--fps", "1e-4"}, {"--fps", "1000.1"}, {"--start", "999999999999:59:59"},
      {"--end", "1e999"}};
  for (const std::vector<std::string>& option : wrong) {
    const Outcome outcome =
        RunProgram({"classify", "/nowhere.mp4", option[0] + "=" + option[1],
                    "--model", kTiny});
    EXPECT_EQ(outcome.exit_code, 2) << option[1];
    EXPECT_EQ(outcome.out, "");
    ExpectOneLine(outcome, option[0]);
  }
}

TEST_F(ErrorLinesTest, VariablesOfLibrariesChangeNothing) {
  const std::vector<std::string> classify = {
      "classify", kRoot + "/samples/sample.mp4", "--end", "1", "--model",
      kTiny};
  const Outcome plain = RunProgram(classify);
  const std::vector<std::string> variables[] = {
      {"OPENCV_FFMPEG_DEBUG=1", "OPENCV_LOG_LEVEL=DEBUG",
       "OPENCV_FFMPEG_CAPTURE_OPTIONS=video_codec;none",
       "OPENCV_VIDEOIO_PRIORITY_LIST=GSTREAMER", "OPENCV_VIDEOIO_DEBUG=1",
       "AV_LOG_FORCE_COLOR=1"},
      {"ONEDNN_VERBOSE=1", "DNNL_VERBOSE=2", "MKL_VERBOSE=1"},
      {"OMP_DISPLAY_ENV=TRUE", "OMP_PLACES=x", "OMP_PROC_BIND=x",
       "OMP_WAIT_POLICY=x", "OMP_THREAD_LIMIT=0", "OMP_SCHEDULE=x",
       "OMP_DYNAMIC=x", "OMP_STACKSIZE=1k", "GOMP_SPINCOUNT=x",
       "OMP_NUM_THREADS=x", "KMP_SETTINGS=1"},
      {"OPENBLAS_VERBOSE=2", "OPENBLAS_CORETYPE=x"},
      {"ATEN_CPU_CAPABILITY=x", "PYTORCH_JIT_LOG_LEVEL=>>>graph_executor",
       "TORCH_SHOW_CPP_STACKTRACES=1", "TORCH_CPP_LOG_LEVEL=INFO"},
      {"CPL_DEBUG=ON", "UCX_LOG_LEVEL=trace", "LC_ALL=tr_TR.UTF-8"}};
  for (const std::vector<std::string>& some : variables) {
    const Outcome outcome = RunProgram(classify, "", some);
    EXPECT_EQ(outcome.exit_code, 0) << some[0];
    EXPECT_EQ(outcome.err, "") << some[0];
    EXPECT_EQ(outcome.out, plain.out) << some[0];
  }
}

TEST_F(ErrorLinesTest, AFrameOf63YearsIsAWarningAndAResult) {
  const std::string video =
      kRoot + "/tests/data/videos/warn_one_frame_of_63_years.mp4";
  for (const char* frames : {"every", "keyframes"}) {
    const Outcome outcome =
        RunProgram({"classify", video, "--frames", frames, "--model", kTiny});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    const json result = json::parse(outcome.out);
    EXPECT_EQ(result["segments"].size(), 1u);
    EXPECT_EQ(result["warnings"][0]["code"], "video_too_long");
    EXPECT_EQ(result["warnings"][0]["message"],
              video +
                  ": pictures go on after 240 hours, or are declared to; "
                  "what is shown before is used");
  }
}

TEST_F(ErrorLinesTest, AModelJsonThatIsOddIsASetUpFault) {
  json numbers = json::parse(Contents(kTiny + "/model.json"));
  std::string large = numbers.dump();
  large.replace(large.find("\"pause\":") + 8, 3, "1e999");
  for (const std::string& model :
       {std::string(100000, '['),
        std::string(100000, '[') + std::string(100000, ']'),
        R"({"format": )" + std::string(100000, '[') + std::string(100000, ']') +
            "}",
        large, std::string(), std::string("[]"), std::string("\xFF\0", 2)}) {
    const std::string bundle = Bundle(model);
    const Outcome outcome =
        RunProgram({"classify", "/nowhere.mp4", "--model", bundle});
    EXPECT_EQ(outcome.exit_code, 3) << model.substr(0, 100);
    EXPECT_EQ(outcome.out, "");
    ExpectOneLine(outcome, bundle);

    const Outcome inspect = RunProgram({"inspect", bundle, "--model", kTiny});
    EXPECT_EQ(inspect.exit_code, 1) << model.substr(0, 100);
    ExpectOneLine(inspect, bundle);
    const json line = json::parse(inspect.out, nullptr, false);
    EXPECT_TRUE(line.is_object() && line.contains("error")) << inspect.out;
  }
}

TEST_F(ErrorLinesTest, ABundleThatIsNamedAndNotThereEndsInspectToo) {
  const std::string none = (folder_ / "none").string();
  const std::string video = kRoot + "/samples/sample.mp4";
  const Outcome classify = RunProgram({"classify", video, "--model", none});
  EXPECT_EQ(classify.exit_code, 3);
  for (const Outcome& inspect :
       {RunProgram({"inspect", video, "--model", none}),
        RunProgram({"inspect", video}, "", {"VSA_MODEL=" + none})}) {
    EXPECT_EQ(inspect.exit_code, 3);
    EXPECT_EQ(inspect.out, "");
    EXPECT_EQ(inspect.err, classify.err);
  }
}

TEST_F(ErrorLinesTest, ASpeechBundleThatIsIncompleteIsSaid) {
  const std::string bundle = (folder_ / "speech").string();
  fs::create_directory(bundle);
  Write("speech/speech.json", R"({"format": "vsa.speech/1", "name": "s"})");
  for (const std::string& path : {bundle, bundle + "/speech.json"}) {
    const Outcome outcome = RunProgram({"inspect", path, "--model", kTiny});
    EXPECT_EQ(outcome.exit_code, 1);
    ExpectOneLine(outcome, bundle);
    const json line = json::parse(outcome.out, nullptr, false);
    EXPECT_EQ(line["kind"], "bundle");
    EXPECT_EQ(line["model"]["name"], "s");
    EXPECT_EQ(line["passes"], false);
  }
}

TEST_F(ErrorLinesTest, ABundleThatTheSystemRefusesIsASetUpFault) {
  fs::create_symlink("loop", folder_ / "loop");
  const std::pair<std::string, std::string> refused[] = {
      {(folder_ / "loop").string(), "Too many levels of symbolic links"},
      {(folder_ / std::string(300, 'x')).string(), "File name too long"}};
  for (const auto& [bundle, reason] : refused) {
    const Outcome outcome =
        RunProgram({"classify", "/nowhere.mp4", "--model", bundle});
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err,
              "vsa: " + bundle + ": cannot be opened: " + reason + "\n");
  }
  const fs::path bundle = Bundle("{}");
  fs::remove(bundle / "model.json");
  fs::create_directory(bundle / "model.json");
  const Outcome outcome =
      RunProgram({"classify", "/nowhere.mp4", "--model", bundle.string()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: " + (bundle / "model.json").string() +
                             ": is not a regular file; expected one\n");
}

TEST_F(ErrorLinesTest, AnUnreadableFolderIsASetUpFault) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read every folder";
  const std::string closed = (folder_ / "closed").string();
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms::none);
  const Outcome outcome =
      RunProgram({"classify", "/nowhere.mp4", "--model", closed + "/bundle"});
  fs::permissions(closed, fs::perms::owner_all);  // to be removed
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: " + closed +
                             "/bundle: cannot be opened: Permission denied\n");
}

TEST_F(ErrorLinesTest, DeepNestingIsNoCrash) {
  const std::string deep =
      R"({"schema": )" + std::string(100000, '[') + std::string(100000, ']');
  const std::string lines = Write("r.jsonl", deep + "}\n");
  const std::string at = "vsa: " + lines;
  EXPECT_EQ(RunProgram({"batch", kRoot + "/samples/sample.mp4", "--output",
                        lines, "--model", kTiny})
                .err,
            at + ":1: is no result of vsa, so this is no file of vsa batch; "
                 "use --force to replace it\n");
  EXPECT_EQ(
      RunProgram({"report", lines, "--output", (folder_ / "r.html").string()})
          .err,
      at + ": holds no result of vsa; expected one a line\n");
  fs::create_directory(folder_ / "out");
  Write("out/segments.jsonl", deep + "}\n");
  const std::string out = (folder_ / "out").string();
  EXPECT_EQ(
      RunProgram({"extract", "/nowhere.mp4", "--output", out, "--model", kTiny})
          .err,
      "vsa: " + out +
          ": exists and is no folder of vsa extract; use --force to write into "
          "it\n");
}

}  // namespace
}  // namespace vsa
