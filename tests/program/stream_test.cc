// `vsa batch - --output -` from the outside, as a program that feeds it speaks
// with it: a line to its stdin, a line from its stdout.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kSample = VSA_SOURCE_DIR "/samples/sample.mp4";
const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";

// The program between two pipes.
class Stream {
 public:
  Stream(const std::vector<std::string>& more, const std::string& errors)
      : errors_(errors) {
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) std::abort();
    std::vector<std::string> arguments = {
        VSA_PROGRAM, "batch",        "-",     "--output", "-",
        "--model",   kTiny,          "--end", "0.5",      "--jobs",
        "1",         "--transcribe", "never"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    child_ = fork();
    if (child_ == 0) {
      const int err = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      dup2(err, STDERR_FILENO);
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      alarm(120);
      execv(VSA_PROGRAM, argv.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }
  ~Stream() {
    CloseInput();
    CloseOutput();
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void Send(const std::string& text) const {
    EXPECT_EQ(write(in_, text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  // The next line; empty at the end.
  std::string Receive() {
    while (read_.find('\n') == read_.npos) {
      char block[4096];
      const ssize_t n = read(out_, block, sizeof block);
      if (n <= 0) return "";
      read_.append(block, static_cast<std::size_t>(n));
    }
    const std::string line = read_.substr(0, read_.find('\n') + 1);
    read_.erase(0, line.size());
    EXPECT_EQ(FaultOfResult(line), "");
    return line;
  }
  json Ask(const std::string& line) {
    Send(line + "\n");
    return json::parse(Receive(), nullptr, false);
  }
  void Signal(int signal) const { kill(child_, signal); }
  pid_t process() const { return child_; }
  cpu_set_t Cores() const {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    sched_getaffinity(child_, sizeof cores, &cores);
    return cores;
  }
  void CloseInput() {
    if (in_ >= 0) close(std::exchange(in_, -1));
  }
  void CloseOutput() {
    if (out_ >= 0) close(std::exchange(out_, -1));
  }
  Outcome Wait() {
    int status = 0;
    waitpid(std::exchange(child_, -1), &status, 0);
    Outcome outcome;
    outcome.exit_code =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.err = Contents(errors_);
    return outcome;
  }

 private:
  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::string errors_;
  pid_t child_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string read_;
};

class StreamTest : public TemporaryFolder {
 protected:
  std::string errors_ = (folder_ / "err").string();
};

TEST_F(StreamTest, GivesEachResultBeforeItIsGivenTheNextItem) {
  Stream stream({}, errors_);
  EXPECT_EQ(stream.Ask(kSample)["video"]["path"], kSample);
  const std::string subtitles =
      Write("s.srt", "1\n00:00:00,000 --> 00:00:00,400\nI love it.\n");
  const json named = stream.Ask(json({{"video", kSample},
                                      {"id", "7"},
                                      {"date", "2024-05-01"},
                                      {"subs", subtitles}})
                                    .dump());
  EXPECT_EQ(named["id"], "7");
  EXPECT_EQ(named["date"], "2024-05-01");
  EXPECT_EQ(named["segments"][0]["text"], "I love it.");
  EXPECT_TRUE(named.contains("item") && named.contains("key"));
  stream.CloseInput();
  EXPECT_EQ(stream.Receive(), "");
  const Outcome outcome = stream.Wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "vsa: 2 computed, 0 kept, 0 failed\n");
}

TEST_F(StreamTest, ALineIsThatOfABatchOfTheSameItem) {
  const std::string output = (folder_ / "r.jsonl").string();
  EXPECT_EQ(RunProgram({"batch", kSample, "--output", output, "--model", kTiny,
                        "--end", "0.5"})
                .exit_code,
            0);
  Stream stream({}, errors_);
  stream.Send(kSample + "\n");
  EXPECT_EQ(stream.Receive(), Contents(output));
}

TEST_F(StreamTest, ALineThatIsTooLongIsAFailedLine) {
  Stream stream({}, errors_);
  const json result = stream.Ask(std::string(3000000, 'a'));
  EXPECT_EQ(result["video"]["path"], std::string(100, 'a'));
  EXPECT_EQ(result["error"]["message"],
            "stdin:1: is longer than 1 MB; expected the path of a video, or a "
            "JSON object, a line");
  EXPECT_FALSE(stream.Ask(kSample).contains("error"));
}

TEST_F(StreamTest, EachLineThatIsNoItemOrARepeatedOneIsAFailedLine) {
  Stream stream({}, errors_);
  stream.Send("\n\r\n");
  EXPECT_FALSE(stream.Ask(kSample).contains("error"));
  const auto expect_refused = [&](const std::string& line,
                                  const std::string& path,
                                  const std::string& message) {
    const json result = stream.Ask(line);
    EXPECT_EQ(result["video"]["path"], path);
    EXPECT_EQ(result["error"]["kind"], "input");
    EXPECT_EQ(result["error"]["message"], message);
    EXPECT_FALSE(result.contains("item") || result.contains("key"))
        << "it must not replace the result of the item";
    return message;
  };
  std::string errors;
  errors += "vsa: " +
            expect_refused(kSample, kSample,
                           "stdin:4: " + kSample +
                               ": is given twice, first in stdin:3; expected "
                               "each video with its id and subtitles once") +
            "\n";
  errors += "vsa: " +
            expect_refused("{\"video\"", "{\"video\"",
                           "stdin:5: is no JSON object; expected one as "
                           "{\"video\": \"a.mp4\"}") +
            "\n";
  errors += "vsa: " +
            expect_refused(std::string("a\0b", 3), std::string("a\0b", 3),
                           "stdin:6: holds a NUL byte") +
            "\n";
  const std::string gone = (folder_ / "gone.mp4").string();
  const json missing = stream.Ask(gone);
  EXPECT_EQ(missing["error"]["message"],
            gone + ": no such file; expected a video");
  EXPECT_TRUE(missing.contains("item"));
  stream.CloseInput();
  const Outcome outcome = stream.Wait();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, errors + "vsa: " + gone +
                             ": no such file; expected a video\n"
                             "vsa: 1 computed, 0 kept, 4 failed\n");
}

TEST_F(StreamTest, WhereTheFirstItemEndsWithNulAllDo) {
  Stream stream({}, errors_);
  const std::string odd = (folder_ / "a\nb.mp4").string();
  std::filesystem::create_symlink(kSample, odd);
  stream.Send(kSample + '\0' + odd + '\0');
  EXPECT_EQ(json::parse(stream.Receive())["video"]["path"], kSample);
  const json second = json::parse(stream.Receive());
  EXPECT_EQ(second["video"]["path"], odd);
  EXPECT_FALSE(second.contains("error"));
  // The last one needs no end.
  stream.Send("{\"video\": \"" + kSample + "\", \"id\": \"last\"}");
  stream.CloseInput();
  EXPECT_EQ(json::parse(stream.Receive())["id"], "last");
  EXPECT_EQ(stream.Wait().exit_code, 0);
}

TEST_F(StreamTest, ProcessesSideBySideDoNotShareACore) {
  if (std::thread::hardware_concurrency() < 2)
    GTEST_SKIP() << "there is one core";
  for (int i = 0; i < 3; ++i) {
    Stream one({"--threads", "1"}, errors_), other({"--threads", "1"}, errors_);
    one.Ask(kSample);
    other.Ask(kSample);
    const cpu_set_t first = one.Cores(), second = other.Cores();
    EXPECT_EQ(CPU_COUNT(&first), 1);
    EXPECT_EQ(CPU_COUNT(&second), 1);
    EXPECT_FALSE(CPU_EQUAL(&first, &second));
  }
}

TEST_F(StreamTest, ASignalEndsItWhileItWaits) {
  Stream stream({}, errors_);
  stream.Ask(kSample);
  stream.Signal(SIGTERM);
  EXPECT_EQ(stream.Receive(), "");
  const Outcome outcome = stream.Wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "vsa: 1 computed, 0 kept, 0 failed\n");
}

TEST_F(StreamTest, AReaderThatIsGoneEndsItWhileItWaits) {
  Stream stream({}, errors_);
  stream.Ask(kSample);
  stream.CloseOutput();
  const Outcome outcome = stream.Wait();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: stdout: cannot be written: Broken pipe\n");
}

// As Ctrl-C ends a pipeline.
TEST_F(StreamTest, ASignalGoesBeforeAReaderThatIsGone) {
  Stream stream({}, errors_);
  stream.Ask(kSample);
  stream.Signal(SIGSTOP);
  stream.CloseOutput();
  stream.Signal(SIGINT);
  stream.Signal(SIGCONT);
  EXPECT_EQ(stream.Wait().exit_code, 130);
}

// As the kernel does where memory runs out.
TEST_F(StreamTest, AProcessThatIsKilledWhileItWaitsCostsNoItem) {
  Stream stream({"--isolate"}, errors_);
  EXPECT_FALSE(stream.Ask(kSample).contains("error"));
  const std::vector<pid_t> workers = ChildrenOf(stream.process());
  ASSERT_EQ(workers.size(), 1u);
  kill(workers[0], SIGKILL);
  while (!ChildrenOf(stream.process()).empty()) {
  }
  EXPECT_FALSE(stream.Ask(json({{"video", kSample}, {"id", "again"}}).dump())
                   .contains("error"));
  stream.CloseInput();
  EXPECT_EQ(stream.Wait().err, "vsa: 2 computed, 0 kept, 0 failed\n");
}

TEST_F(StreamTest, FailFastEndsItAtTheFirstFailure) {
  Stream stream({"--fail-fast"}, errors_);
  EXPECT_TRUE(stream.Ask("gone.mp4").contains("error"));
  EXPECT_EQ(stream.Receive(), "");
  EXPECT_EQ(stream.Wait().exit_code, 1);
}

TEST_F(StreamTest, WhatCannotBeAStreamIsRefused) {
  const auto expect_refused = [&](const std::vector<std::string>& more,
                                  const std::string& in,
                                  const std::string& message) {
    Stream stream(more, errors_);
    stream.Send(in);
    stream.CloseInput();
    EXPECT_EQ(stream.Receive(), "");
    const Outcome outcome = stream.Wait();
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.err, "vsa: " + message + "\n");
  };
  expect_refused({}, "\n", "stdin: holds no video; expected one at least");
  expect_refused({"--encoding", "klingon"}, "",
                 "--encoding klingon: not a known encoding; expected a name "
                 "such as UTF-8, GB18030 or windows-1252");
  expect_refused({"--shard", "1/2"}, "",
                 "--shard 1/2: has no meaning for what comes one by one; "
                 "expected another INPUT than -, or RESULTS in a file");
}

TEST_F(StreamTest, AClosedStdinHoldsNothing) {
  const std::string command = "exec '" VSA_PROGRAM
                              "' batch - --output - "
                              "--model '" +
                              kTiny + "' <&- 2>&1";
  const Outcome outcome = RunProgram({"-c", command}, "", {}, "/bin/sh");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "vsa: stdin: holds no video; expected one at least\n");
}

}  // namespace
}  // namespace vsa
