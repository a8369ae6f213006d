// Threads that cannot be started, at each place where vsa starts one.
#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "tests/base/temporary_folder.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kSample = kRoot + "/samples/sample.mp4";

class ThreadsTest : public TemporaryFolder {
 protected:
  // Runs the command over and over, each time with another thread that is not
  // to be had, until none is missed; gives how many there were.
  static int FailEachThread(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(),
                     {"--model", kRoot + "/tests/data/tiny-bundle"});
    for (int number = 1; number < 100; ++number) {
      const Outcome outcome =
          RunProgram(arguments, "",
                     {"LD_PRELOAD=" VSA_FAIL_THREAD,
                      "VSA_TEST_FAIL_THREAD=" + std::to_string(number)});
      if (outcome.exit_code == 0) return number - 1;
      EXPECT_EQ(outcome.exit_code, 3) << "thread " << number;
      EXPECT_EQ(outcome.err.substr(0, outcome.err.find('\n') + 1),
                "vsa: a thread cannot be started: Resource temporarily "
                "unavailable; expected room for more of them (ulimit -u, "
                "pids.max)\n")
          << "thread " << number;
      EXPECT_EQ(outcome.err.find('\n') + 1, outcome.err.size()) << outcome.err;
      EXPECT_EQ(outcome.out, "");
    }
    return 100;
  }
};

TEST_F(ThreadsTest, ClassifyEndsInOneLine) {
  // Loading, the words' and the decoder's thread, and a worker for each core.
  EXPECT_GE(FailEachThread({"classify", kSample, "--end", "1"}), 4);
}

TEST_F(ThreadsTest, BatchEndsInOneLineAndGoesOnTheNextTime) {
  const std::string results = (folder_ / "r.jsonl").string();
  EXPECT_GE(FailEachThread({"batch", kSample, "--quiet", "--end", "1",
                            "--output", results}),
            4);
  EXPECT_EQ(RunProgram({"batch", kSample, "--end", "1", "--output", results,
                        "--model", kRoot + "/tests/data/tiny-bundle"})
                .err,
            "vsa: 0 computed, 1 kept, 0 failed\n");
}

TEST_F(ThreadsTest, ADecoderWithoutThreadsIsNoFaultOfTheVideo) {
  if (std::thread::hardware_concurrency() < 2)
    GTEST_SKIP() << "one core decodes without threads";
  const std::string results = (folder_ / "r.jsonl").string();
  for (const std::vector<std::string>& start :
       {std::vector<std::string>{"classify", kSample},
        {"batch", kSample, "--output", results}}) {
    std::vector<std::string> arguments = start;
    arguments.insert(arguments.end(),
                     {"--model", kRoot + "/tests/data/tiny-bundle"});
    const Outcome outcome = RunProgram(
        arguments, "",
        {"LD_PRELOAD=" VSA_FAIL_THREAD, "VSA_TEST_FAIL_THREADS_OF=libavcodec"});
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.err,
              "vsa: a thread cannot be started: Resource temporarily "
              "unavailable; expected room for more of them (ulimit -u, "
              "pids.max)\n");
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(results));
}

TEST_F(ThreadsTest, EvaluateAndExtractEndInOneLine) {
  EXPECT_GE(FailEachThread({"evaluate", kRoot + "/samples/labels.csv"}), 1);
  EXPECT_GE(FailEachThread({"extract", kSample, "--end", "1", "--force",
                            "--output", (folder_ / "e").string()}),
            2);
}

}  // namespace
}  // namespace vsa
