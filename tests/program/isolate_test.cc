// Videos that end the process which computes them: with --isolate, and in the
// run after one that they ended.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

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
namespace fs = std::filesystem;

const std::string kSample = VSA_SOURCE_DIR "/samples/sample.mp4";
const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";
// Its text part reads outside of all memory at the word "crash", and fails at
// "fail".
const std::string kCrash = VSA_SOURCE_DIR "/tests/data/crash-bundle";

class IsolateTest : public TemporaryFolder {
 protected:
  // Videos a, b, … with these words.
  void Videos(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      fs::create_directory(folder_ / "v");
      fs::create_symlink(kSample, folder_ / ("v/" + name + ".mp4"));
      Write("v/" + name + ".srt",
            "1\n00:00:00,000 --> 00:00:00,400\n" + words[i] + "\n");
    }
  }

  Outcome Batch(std::vector<std::string> more,
                const std::string& bundle = kCrash) const {
    more.insert(more.begin(), {"batch", (folder_ / "v").string(), "--output",
                               output_, "--end", "0.5", "--model", bundle});
    return RunProgram(more);
  }

  std::vector<json> Lines() const { return ResultsOf(Contents(output_)); }

  // What is said of the video b.
  std::string Crashed() const {
    return (folder_ / "v/b.mp4").string() +
           ": the process that it was computed in ended by signal 11 "
           "(Segmentation fault)";
  }

  // Around the failure there may be lines of progress.
  static void ExpectSaid(const Outcome& outcome, const std::string& failure,
                         const std::string& summary) {
    EXPECT_THAT(outcome.err, testing::HasSubstr("vsa: " + failure + "\n"));
    EXPECT_THAT(outcome.err, testing::EndsWith("\nvsa: " + summary + "\n"));
  }

  // One line is the failure of b, the others are results.
  void ExpectOnlyBFailed(std::size_t count) const {
    const std::vector<json> lines = Lines();
    ASSERT_EQ(lines.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      if (i == 1) {
        EXPECT_EQ(lines[i]["error"],
                  json({{"kind", "internal"}, {"message", Crashed()}}));
      } else {
        EXPECT_EQ(lines[i]["sentiment"].size(), 3u) << lines[i];
      }
    }
  }

  std::string output_ = (folder_ / "r.jsonl").string();
};

TEST_F(IsolateTest, AVideoThatCrashesFailsAlone) {
  Videos({"Good.", "They crash.", "Bad.", "No."});
  const Outcome outcome = Batch({"--isolate", "--jobs", "1"});
  EXPECT_EQ(outcome.exit_code, 1);
  ExpectSaid(outcome, Crashed(), "3 computed, 0 kept, 1 failed");
  ExpectOnlyBFailed(4);
}

// The first video, too: it is not the model that is at fault.
TEST_F(IsolateTest, AFailureOfTheModelNamesItsVideoOnce) {
  Videos({"They fail.", "It works.", "It works."});
  const std::string failure = (folder_ / "v/a.mp4").string() + ": " + kCrash +
                              "/text.pt: The following operation failed in the "
                              "TorchScript interpreter.";
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--isolate"}}) {
    std::vector<std::string> arguments = {"--jobs", "1", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = Batch(arguments);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.err, "vsa: " + failure + "\n");
    ASSERT_EQ(Lines().size(), 3u);
    EXPECT_EQ(Lines()[0]["error"],
              json({{"kind", "internal"}, {"message", failure}}));
    fs::remove(output_);
  }
}

TEST_F(IsolateTest, TheRunAfterACrashGoesOnPastIt) {
  Videos({"Good.", "They crash.", "Bad."});
  const Outcome crashed = Batch({"--jobs", "1"});
  EXPECT_EQ(crashed.exit_code, 128 + SIGSEGV);
  EXPECT_EQ(Lines().size(), 1u);
  EXPECT_TRUE(fs::exists(output_ + ".running"));
  const Outcome next = Batch({"--jobs", "1"});
  EXPECT_EQ(next.exit_code, 1);
  ExpectSaid(next, Crashed(), "1 computed, 1 kept, 1 failed");
  ExpectOnlyBFailed(3);
  EXPECT_FALSE(fs::exists(output_ + ".running"));

  const Outcome again = Batch({"--jobs", "1", "--retry-failed"});
  EXPECT_EQ(again.exit_code, 1) << "the one that crashed is alone once more";
  ExpectSaid(again, Crashed(), "0 computed, 2 kept, 1 failed");
  ExpectOnlyBFailed(3);
}

// Its result stays, so no line tells that it crashed.
TEST_F(IsolateTest, AVideoThatHadAResultCrashesOneRunAlone) {
  Videos({"Good.", "Fine.", "Bad."});
  EXPECT_EQ(Batch({"--jobs", "1"}).exit_code, 0);
  Write("v/b.srt", "1\n00:00:00,000 --> 00:00:00,400\nThey crash.\n");
  EXPECT_EQ(Batch({"--jobs", "1"}).exit_code, 128 + SIGSEGV);
  const Outcome other =
      RunProgram({"batch", (folder_ / "v/a.mp4").string(), "--output", output_,
                  "--end", "0.5", "--model", kCrash});
  EXPECT_EQ(other.exit_code, 0) << other.err;
  for (int i = 0; i < 2; ++i) {
    const Outcome next = Batch({"--jobs", "1"});
    EXPECT_EQ(next.exit_code, 1);
    ExpectSaid(next, Crashed() + "; its earlier result stays",
               "0 computed, 2 kept, 1 failed");
    EXPECT_EQ(Lines().size(), 3u);
  }
  Write("v/b.srt", "1\n00:00:00,000 --> 00:00:00,400\nMended.\n");
  EXPECT_EQ(Batch({"--jobs", "1"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(output_ + ".running"));
}

TEST_F(IsolateTest, TheBytesAreThoseOfOneProcess) {
  Videos({"Good.", "\xFF bad.", "I love it."});
  fs::create_symlink("gone", folder_ / "v/d.mp4");
  fs::create_symlink(kSample, folder_ / "v/e\n\xFF.mp4");
  EXPECT_EQ(Batch({}, kTiny).exit_code, 1);
  const std::string expected = Contents(output_);
  fs::remove(output_);
  const Outcome isolated = Batch({"--isolate", "--jobs", "2"}, kTiny);
  EXPECT_EQ(isolated.exit_code, 1);
  ExpectSaid(
      isolated,
      (folder_ / "v/d.mp4").string() + ": no such file; expected a video",
      "4 computed, 0 kept, 1 failed");
  EXPECT_EQ(Contents(output_), expected);
}

TEST_F(IsolateTest, ASetUpThatIsWrongEndsTheRun) {
  Videos({"Good."});
  fs::copy(kTiny, folder_ / "bundle");
  std::string text = Contents(folder_ / "bundle/text.pt");
  text[text.size() / 2] ^= 1;
  Write("bundle/text.pt", text);
  const std::string bundle = (folder_ / "bundle").string();
  const Outcome plain = Batch({}, bundle);
  const Outcome isolated = Batch({"--isolate"}, bundle);
  EXPECT_EQ(isolated.exit_code, 3);
  EXPECT_EQ(isolated.err, plain.err);
  EXPECT_FALSE(fs::exists(output_));
}

// As the stop of a service does, which goes to all of its processes.
TEST_F(IsolateTest, ASignalToStopIsForTheFirstProcessAlone) {
  Videos({"Good.", "Bad."});
  RunningProgram run({"batch", (folder_ / "v").string(), "--output", output_,
                      "--model", kTiny, "--isolate", "--jobs", "1"});
  pid_t worker = -1;
  while (worker < 0 && !run.HasEnded()) {
    for (const pid_t child : ChildrenOf(getpid())) {
      for (const pid_t grandchild : ChildrenOf(child)) worker = grandchild;
    }
  }
  ASSERT_GT(worker, 0);
  kill(worker, SIGTERM);
  kill(worker, SIGINT);
  const Outcome outcome = run.Wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err,
              testing::EndsWith("vsa: 2 computed, 0 kept, 0 failed\n"));
}

TEST_F(IsolateTest, WhoeverStartedItMayIgnoreTheEndsOfProcesses) {
  Videos({"Good.", "They crash.", "Bad."});
  const Outcome outcome = RunProgram(
      {"-c", "trap '' CHLD; exec \"$0\" \"$@\"", VSA_PROGRAM, "batch",
       (folder_ / "v").string(), "--output", output_, "--end", "0.5", "--model",
       kCrash, "--isolate", "--jobs", "1", "--transcribe", "never"},
      "", {}, "/bin/sh");
  EXPECT_EQ(outcome.exit_code, 1);
  ExpectSaid(outcome, Crashed(), "2 computed, 0 kept, 1 failed");
}

// As a process that is started in mid-run has it: the first one loaded others.
TEST_F(IsolateTest, ABundleThatIsChangedMeanwhileIsNotJudgedBy) {
  Videos({"Good."});
  const std::string video = (folder_ / "v/a.mp4").string();
  const std::string nothing(1, '\0');
  const Outcome outcome =
      RunProgram({"batch", video, "--output", output_, "--model", kTiny},
                 video + nothing + nothing + nothing + nothing + "item" +
                     nothing + "key" + nothing + "other bundles" + nothing,
                 {"VSA_BATCH_WORKER_OF=" + std::to_string(getpid())});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out,
            "sa bundle was changed while the run went on; expected it to stay "
            "as it was" +
                nothing);
}

TEST_F(IsolateTest, WarningsAreSaidAsOtherwise) {
  Videos({"", "Good."});
  const Outcome plain = Batch({"--verbose", "--jobs", "1"}, kTiny);
  fs::remove(output_);
  const Outcome isolated =
      Batch({"--verbose", "--jobs", "1", "--isolate"}, kTiny);
  EXPECT_EQ(isolated.err, plain.err);
  EXPECT_NE(plain.err.find("a.srt"), std::string::npos) << plain.err;
}

}  // namespace
}  // namespace vsa
