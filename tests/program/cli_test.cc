// The command line, as the program takes it.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/program/run_program.h"

namespace vsa {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Refused {
  std::vector<std::string> arguments;
  std::string message;
};

class RefusedOptions : public testing::TestWithParam<Refused> {};

TEST_P(RefusedOptions, IsOneLineAndExitCode2) {
  const Outcome outcome = RunProgram(GetParam().arguments);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, StartsWith("vsa: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1)
      << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(
    Cli, RefusedOptions,
    testing::Values(
        Refused{{}, "A subcommand is required"},
        Refused{{"clasify"}, "clasify"},
        Refused{{"classify"}, "video is required"},
        Refused{{"classify", "a.mp4", "--no-such"}, "--no-such"},
        Refused{{"classify", "a.mp4", "--fps", "0"}, "--fps"},
        Refused{{"classify", "a.mp4", "--fps", "x"}, "--fps"},
        Refused{{"classify", "a.mp4", "--fps", "nan"},
                "--fps: expected a number from 0.001 to 1000"},
        Refused{{"classify", "a.mp4", "--fps", "inf"}, "--fps"},
        Refused{{"classify", "a.mp4", "--start", "999999999999:59:59", "--end",
                 "5"},
                "--start 999999999999:59:59: expected a time up to 240:00:00"},
        Refused{{"classify", "a.mp4", "--threads", "0"}, "--threads"},
        Refused{{"classify", "a.mp4", "--dtype", "fp16"}, "--dtype"},
        Refused{{"classify", "a.mp4", "--start", "1:x"},
                "--start 1:x: expected seconds or [h:]m:s, as 90.5 "
                "or 1:30"},
        Refused{{"classify", "a.mp4", "--start", "5", "--end", "4"},
                "--end 4: expected a time after --start"},
        Refused{{"classify", "a.mp4", "--subs", "a.srt", "--no-subs"},
                "--no-subs"},
        Refused{{"classify", "a.mp4", "--pretty", "--compact"}, "excludes"},
        Refused{{"batch", "--output", "r.jsonl"}, "inputs is required"},
        Refused{{"batch", "a.mp4"}, "--output is required"},
        Refused{{"batch", "a.mp4", "--subs", "a.srt"}, "--subs"},
        Refused{{"batch", "a.mp4", "--dry-run", "--jobs", "0"}, "--jobs"},
        Refused{{"batch", "a.mp4", "--dry-run", "--shard", "0/3"},
                "--shard 0/3: expected I/K with I from 1 to K, as 1/4 or 4/4"},
        Refused{{"batch", "a.mp4", "--dry-run", "--shard", "4/3"},
                "--shard 4/3: expected I/K with I from 1 to K, as 1/4 or 4/4"},
        Refused{{"batch", "a.mp4", "--dry-run", "--shard", "1/2x"},
                "--shard 1/2x: expected I/K"},
        Refused{{"tokenize", "--cased"}, "--cased requires --vocab"},
        Refused{{"inspect"}, "files is required"}));

TEST(Program, HelpAndVersionGoToStdout) {
  const Outcome help = RunProgram({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("classify"));
  EXPECT_EQ(help.err, "");
  const Outcome of_command = RunProgram({"classify", "--help"});
  EXPECT_EQ(of_command.exit_code, 0);
  EXPECT_THAT(of_command.out, HasSubstr("--subs"));
  const Outcome version = RunProgram({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out,
              testing::MatchesRegex("vsa [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

}  // namespace
}  // namespace vsa
