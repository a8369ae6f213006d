// Calls to the system that fail once, at each place where vsa writes: one line,
// the right exit code, nothing half done and nothing lost. The library
// fail_call makes them fail.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/base/json_lines.h"
#include "tests/base/temporary_folder.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::MatchesRegex;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";
const std::string kSpeech = kRoot + "/tests/data/tiny-speech";
const std::string kRunning = "out/r.jsonl.running";

class FaultsTest : public TemporaryFolder {
 protected:
  FaultsTest() {
    fs::create_directory(folder_ / "in");
    fs::create_directory(folder_ / "out");
  }

  // A video of a moment, made once for all tests.
  std::string Clip(const std::string& name) const {
    static const std::string bytes = [] {
      const fs::path made = fs::temp_directory_path() /
                            ("vsa_clip." + std::to_string(getpid()) + ".mp4");
      const std::string command = "ffmpeg -v error -y -i '" + kRoot +
                                  "/samples/sample.mp4' -an -t 0.4 -vf "
                                  "scale=160:-2 -c:v libx264 -preset "
                                  "ultrafast " +
                                  made.string();
      EXPECT_EQ(std::system(command.c_str()), 0);
      std::string contents = Contents(made);
      fs::remove(made);
      return contents;
    }();
    return Write("in/" + name, bytes);
  }

  // Runs with the call number `number` for files whose paths begin with `under`
  // going wrong; those of what is at work, which may, only where it names them.
  Outcome RunWithFault(const std::vector<std::string>& arguments,
                       const std::string& call, const std::string& number,
                       const std::string& how, const std::string& under) const {
    fs::remove(folder_ / "mark");
    return RunProgram(arguments, "",
                      {"LD_PRELOAD=" VSA_FAIL_CALL,
                       "VSA_TEST_FAIL=" + call + ":" + number + ":" + how,
                       "VSA_TEST_FAIL_UNDER=" + (folder_ / under).string(),
                       under == kRunning ? "A=" : "VSA_TEST_FAIL_BUT=.running",
                       "VSA_TEST_FAIL_MARK=" + (folder_ / "mark").string()});
  }
  Outcome RunWithFault(const std::vector<std::string>& arguments,
                       const std::string& call, int number,
                       const std::string& how, const std::string& under) const {
    return RunWithFault(arguments, call, std::to_string(number), how, under);
  }
  bool HasStruck() const { return fs::exists(folder_ / "mark"); }

  // Does so with each such call for what lies in out/, or `under`, in turn:
  // `prepare`, the run, and `check` of its outcome. How many there were.
  int EachCall(const std::string& call, const std::string& how,
               const std::vector<std::string>& arguments,
               const std::function<void()>& prepare,
               const std::function<void(const Outcome&)>& check,
               const std::string& under = "out") const {
    for (int number = 1; number < 200; ++number) {
      SCOPED_TRACE(call + " " + std::to_string(number) + ": " + how);
      prepare();
      const Outcome outcome = RunWithFault(arguments, call, number, how, under);
      if (!HasStruck()) return number - 1;
      check(outcome);
      if (HasFailure()) return number;
    }
    ADD_FAILURE() << "never an end";
    return 0;
  }

  std::string Out(const std::string& name) const {
    return (folder_ / "out" / name).string();
  }

  // Each file of out/ with what is in it.
  std::map<std::string, std::string> Outputs() const {
    std::map<std::string, std::string> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(folder_ / "out")) {
      if (entry.is_regular_file())
        files[fs::relative(entry.path(), folder_ / "out").string()] =
            Contents(entry.path());
    }
    return files;
  }

  void EmptyOut() const {
    fs::remove_all(folder_ / "out");
    fs::create_directory(folder_ / "out");
  }

  // A command that writes one file whole, over `before`: fails in one line and
  // leaves that, or gives what it gives without a fault.
  void ExpectWholeOrNothing(const std::vector<std::string>& arguments,
                            const std::string& before) const {
    const auto prepare = [&] {
      EmptyOut();
      Write("out/it", before);
    };
    prepare();
    EXPECT_EQ(RunProgram(arguments).exit_code, 0);
    const std::string whole = Contents(Out("it"));
    EXPECT_NE(whole, before);

    const auto check_failed = [&](const Outcome& outcome) {
      EXPECT_EQ(outcome.exit_code, 3);
      EXPECT_EQ(outcome.err, "vsa: " + Out("it") +
                                 ": cannot be written: No space left on "
                                 "device\n");
      EXPECT_EQ(Outputs(),
                (std::map<std::string, std::string>{{"it", before}}));
    };
    for (const char* call : {"create", "write", "fsync", "close", "rename"}) {
      EXPECT_GT(EachCall(call, "ENOSPC", arguments, prepare, check_failed), 0)
          << call;
    }
    const auto check_whole = [&](const Outcome& outcome) {
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      EXPECT_EQ(Contents(Out("it")), whole);
    };
    for (const char* how : {"EINTR", "short"})
      EXPECT_GT(EachCall("write", how, arguments, prepare, check_whole), 0);
    const auto check_killed = [&](const Outcome& outcome) {
      EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
      EXPECT_EQ(Contents(Out("it")), before);
    };
    EXPECT_GT(EachCall("write", "tear", arguments, prepare, check_killed), 0);
    EXPECT_GT(EachCall("rename", "kill", arguments, prepare, check_killed), 0);
  }
};

TEST_F(FaultsTest, AResultIsWholeOrTheOldOne) {
  ExpectWholeOrNothing(
      {"classify", Clip("a.mp4"), "--model", kTiny, "--output", Out("it")},
      "{\"schema\":\"vsa.result/1\"}\n");
}

TEST_F(FaultsTest, ATranscriptIsWholeOrTheOldOne) {
  ExpectWholeOrNothing(
      {"transcribe", kRoot + "/samples/spoken.mp4", "--language", "en",
       "--speech", kSpeech, "--output", Out("it")},
      "1\n00:00:00,000 --> 00:00:01,000\nOld.\n");
}

// Batches of three videos into RESULTS that has the line of the second already:
// at the end lines are put in order.
class BatchFaultsTest : public FaultsTest {
 protected:
  void SetUp() override {
    for (const char* name : {"a.mp4", "b.mp4", "c.mp4"}) Clip(name);
    ASSERT_EQ(RunProgram(batch_).exit_code, 0);
    whole_ = Contents(Out("r.jsonl"));
    std::istringstream stream(whole_);
    for (std::string line; std::getline(stream, line);)
      lines_.push_back(line + "\n");
    ASSERT_EQ(lines_.size(), 3u);
  }

  void Prepare() const {
    EmptyOut();
    Write("out/r.jsonl", lines_[1]);
  }

  // Whole lines alone are results, and the one that was there is; and how many
  // there are.
  int CountLines() const {
    const std::string found = Contents(Out("r.jsonl"));
    for (const std::string& line : lines_) {
      const std::size_t at = found.find(line);
      if (at != found.npos) {
        EXPECT_EQ(found.find(line, at + 1), found.npos) << "twice: " << line;
      }
    }
    EXPECT_NE(found.find(lines_[1]), found.npos) << "lost";
    return static_cast<int>(std::count(found.begin(), found.end(), '\n'));
  }

  // The next run keeps all whole lines and makes the file what it is to be.
  void ExpectToGoOn(int whole_lines) const {
    const Outcome next = RunProgram(batch_);
    EXPECT_EQ(next.exit_code, 0);
    EXPECT_EQ(next.err, "vsa: " + std::to_string(3 - whole_lines) +
                            " computed, " + std::to_string(whole_lines) +
                            " kept, 0 failed\n");
    EXPECT_EQ(Outputs(),
              (std::map<std::string, std::string>{{"r.jsonl", whole_}}));
  }

  const std::vector<std::string> batch_ = {
      "batch",    (folder_ / "in").string(),
      "--model",  kTiny,
      "--jobs",   "1",
      "--output", Out("r.jsonl")};
  std::string whole_;  // RESULTS of a run without faults
  std::vector<std::string> lines_;
};

TEST_F(BatchFaultsTest, AFaultEndsTheRunInOneLineAndNothingIsLost) {
  std::map<std::string, int> calls;
  for (const char* call :
       {"create", "write", "fsync", "ftruncate", "rename", "flock"}) {
    calls[call] = EachCall(
        call, "ENOSPC", batch_, [&] { Prepare(); },
        [&](const Outcome& outcome) {
          EXPECT_EQ(outcome.exit_code, 3);
          EXPECT_THAT(outcome.err,
                      MatchesRegex("vsa: [^\n]*/out/r.jsonl: [^\n]*: No space "
                                   "left on device[^\n]*\n"));
          EXPECT_EQ(Outputs().size(), 1u) << "nothing is left beside";
          ExpectToGoOn(CountLines());
        });
  }
  // The file, and the one beside; two lines, and all in order.
  EXPECT_EQ(calls["create"], 3);  // the first is only tried
  EXPECT_EQ(calls["write"], 3);
  EXPECT_EQ(calls["fsync"], 1);
  EXPECT_EQ(calls["rename"], 1);
}

TEST_F(BatchFaultsTest, WhatIsInterruptedOrShortGoesOn) {
  const auto check = [&](const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "vsa: 2 computed, 1 kept, 0 failed\n");
    EXPECT_EQ(Contents(Out("r.jsonl")), whole_);
  };
  for (const char* how : {"EINTR", "short"}) {
    for (const char* call : {"read", "write"}) {
      EXPECT_GT(EachCall(
                    call, how, batch_, [&] { Prepare(); }, check),
                2)
          << call;
    }
  }
  EXPECT_GT(EachCall(
                "flock", "EINTR", batch_, [&] { Prepare(); }, check),
            0);
}

TEST_F(BatchFaultsTest, InputsThatAreReadInSmallPiecesAreReadWhole) {
  Prepare();
  const Outcome outcome = RunWithFault(batch_, "read", 0, "short", "");
  EXPECT_TRUE(HasStruck());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(Contents(Out("r.jsonl")), whole_);
}

TEST_F(BatchFaultsTest, AKillAtAnyCallLosesNothing) {
  const auto check = [&](const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
    const std::string found = Contents(Out("r.jsonl"));
    int lines = 0;
    for (const std::string& line : lines_)
      lines += found.find(line) != found.npos ? 1 : 0;
    CountLines();
    ExpectToGoOn(lines);
  };
  for (const char* call : {"write", "fsync", "ftruncate", "rename", "close"})
    EachCall(
        call, "kill", batch_, [&] { Prepare(); }, check);
  EXPECT_EQ(EachCall(
                "write", "tear", batch_, [&] { Prepare(); }, check),
            3);
}

TEST_F(BatchFaultsTest, WhatIsAtWorkNeedNotBeWritten) {
  for (const char* call : {"create", "write", "close"}) {
    EXPECT_EQ(EachCall(
                  call, "ENOSPC", batch_, [&] { Prepare(); },
                  [&](const Outcome& outcome) {
                    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
                    EXPECT_EQ(Outputs(), (std::map<std::string, std::string>{
                                             {"r.jsonl", whole_}}));
                  },
                  kRunning),
              1)
        << call;
  }
}

TEST_F(BatchFaultsTest, ResultsThatCannotBeReadStayAsTheyAre) {
  EXPECT_GT(EachCall(
                "read", "EIO", batch_, [&] { Prepare(); },
                [&](const Outcome& outcome) {
                  EXPECT_EQ(outcome.exit_code, 3);
                  EXPECT_THAT(outcome.err, MatchesRegex("vsa: [^\n]*\n"));
                  ExpectToGoOn(CountLines());
                }),
            0);
}

// As over NFS that was mounted with local locks: two machines do not keep each
// other out. What many-videos.md says of it.
TEST_F(BatchFaultsTest, WithoutLocksTwoRunsLoseNoLineForGood) {
  EmptyOut();
  const std::vector<std::string> environment = {
      "LD_PRELOAD=" VSA_FAIL_CALL, "VSA_TEST_FAIL=flock:0:pretend",
      "VSA_TEST_FAIL_UNDER=" + (folder_ / "out").string(),
      "VSA_TEST_FAIL_MARK=" + (folder_ / "mark").string()};
  RunningProgram one(batch_, "", environment), two(batch_, "", environment);
  for (const Outcome& outcome : {one.Wait(), two.Wait()}) {
    if (outcome.exit_code == 0) continue;
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_THAT(outcome.err, MatchesRegex("vsa: [^\n]*\n"));
  }
  // Then one alone puts it right.
  EXPECT_EQ(RunProgram(batch_).exit_code, 0);
  EXPECT_EQ(Contents(Out("r.jsonl")), whole_);
}

TEST_F(BatchFaultsTest, NeedsProc) {
  EmptyOut();
  const Outcome outcome =
      RunWithFault(batch_, "readlink", 0, "EIO", "/proc/self/exe");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "vsa: /proc/self/exe: cannot be read: Input/output error; expected "
            "/proc to be mounted\n");
  EXPECT_FALSE(fs::exists(Out("r.jsonl")));
}

TEST_F(BatchFaultsTest, AClockThatJumpsChangesNothing) {
  EmptyOut();
  const Outcome outcome =
      RunProgram(batch_, "", {"LD_PRELOAD=" VSA_JUMPING_CLOCK});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "vsa: 3 computed, 0 kept, 0 failed\n");
  EXPECT_EQ(Contents(Out("r.jsonl")), whole_);
  const Outcome again =
      RunProgram(batch_, "", {"LD_PRELOAD=" VSA_JUMPING_CLOCK});
  EXPECT_EQ(again.err, "vsa: 0 computed, 3 kept, 0 failed\n");
}

TEST_F(BatchFaultsTest, FilesOfAnotherAgeAreKept) {
  const auto now = fs::file_time_type::clock::now();
  const auto century = std::chrono::hours(24 * 365 * 100);
  fs::last_write_time(folder_ / "in/a.mp4", now + century);
  fs::last_write_time(folder_ / "in/b.mp4", now - century);
  EXPECT_EQ(RunProgram(batch_).err, "vsa: 2 computed, 1 kept, 0 failed\n");
  EXPECT_EQ(RunProgram(batch_).err, "vsa: 0 computed, 3 kept, 0 failed\n");
}

// As over a network: neither a stream of H.264 nor one of MPEG-TS tells how
// long it is.
TEST_F(FaultsTest, AVideoThatCannotBeReadToItsEndIsNoShorterOne) {
  const auto expect_told = [&](const std::string& name,
                               std::vector<std::string> arguments) {
    SCOPED_TRACE(name);
    const std::string video = (folder_ / name).string();
    ASSERT_EQ(std::system(("ffmpeg -v error -i '" + kRoot +
                           "/samples/sample.mp4' -c copy -an " + video)
                              .c_str()),
              0);
    arguments.push_back(video);
    const Outcome whole = RunProgram(arguments);
    ASSERT_EQ(whole.exit_code, 0);
    int unreadable = 0;
    for (int number = 1; number == 1 || HasStruck(); number += 5) {
      SCOPED_TRACE(number);
      const Outcome outcome =
          RunWithFault(arguments, "read", number, "EIO", name);
      if (outcome.exit_code == 0) {
        EXPECT_EQ(outcome.out, whole.out);
      } else {
        unreadable += (outcome.out + outcome.err)
                          .find(video +
                                ": cannot be read: Input/output "
                                "error") != std::string::npos;
      }
    }
    EXPECT_GT(unreadable, 0);
  };
  expect_told("in/a.h264", {"classify", "--no-subs", "--model", kTiny});
  expect_told("in/a.ts", {"inspect"});
}

// A MOV tells what it is at its end.
TEST_F(FaultsTest, AVideoThatCannotBeReadWhenItIsOpenedIsNotSaidToBeNoVideo) {
  const std::string video = (folder_ / "in/a.mov").string();
  ASSERT_EQ(std::system(("ffmpeg -v error -i '" + kRoot +
                         "/samples/sample.mp4' -c copy -an " + video)
                            .c_str()),
            0);
  const Outcome whole = RunProgram({"inspect", video});
  ASSERT_EQ(whole.exit_code, 0);
  int number = 1;
  for (; number == 1 || HasStruck(); ++number) {
    SCOPED_TRACE(number);
    const Outcome outcome =
        RunWithFault({"inspect", video}, "read", std::to_string(number) + "+",
                     "EIO", "in/a.mov");
    if (outcome.exit_code == 0) {
      EXPECT_EQ(outcome.out, whole.out);
    } else {
      EXPECT_EQ(outcome.err,
                "vsa: " + video + ": cannot be read: Input/output error\n");
    }
  }
  EXPECT_GT(number, 5);
}

TEST_F(BatchFaultsTest, AReportIsWholeOrTheOldOne) {
  const std::string results = Write("in/r.jsonl", whole_);
  ExpectWholeOrNothing({"report", results, "--output", Out("it"), "--force"},
                       "an old page");
}

TEST_F(FaultsTest, AnExtractionHasNoHalfLineAndNamesNoCropThatIsNotThere) {
  const std::vector<std::string> extract = {
      "extract", Clip("a.mp4"), Clip("b.mp4"), "--model",
      kTiny,     "--output",    Out("it")};
  ASSERT_EQ(RunProgram(extract).exit_code, 0);
  const std::map<std::string, std::string> whole = Outputs();
  ASSERT_GT(whole.size(), 2u);

  const auto expect_sound = [&] {
    for (const json& line : JsonLines(Contents(Out("it/segments.jsonl")))) {
      ASSERT_FALSE(line.is_discarded());
      for (const json& face : line["faces"])
        EXPECT_TRUE(
            fs::exists(fs::path(Out("it")) / face["path"].get<std::string>()));
    }
  };
  const auto expect_to_go_on = [&] {
    EXPECT_EQ(RunProgram(extract).exit_code, 0);
    EXPECT_EQ(Outputs(), whole);
  };
  std::map<std::string, int> calls;
  for (const char* call :
       {"create", "write", "fsync", "rename", "mkdir", "close"}) {
    calls[call] = EachCall(
        call, "ENOSPC", extract, [&] { EmptyOut(); },
        [&](const Outcome& outcome) {
          EXPECT_EQ(outcome.exit_code, 3);
          EXPECT_THAT(outcome.err,
                      MatchesRegex("vsa: [^\n]*/out/it[^\n]*: cannot be "
                                   "written: No space left on device\n"));
          for (const auto& [name, bytes] : Outputs())
            EXPECT_EQ(name.find(".part"), name.npos) << name;
          expect_sound();
          expect_to_go_on();
        });
    EXPECT_GT(calls[call], 0) << call;
  }
  // The folder, that of faces, and one of each video.
  EXPECT_EQ(calls["mkdir"], 4);
  EachCall(
      "write", "kill", extract, [&] { EmptyOut(); },
      [&](const Outcome& outcome) {
        EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
        expect_sound();
        expect_to_go_on();
      });
  for (const char* how : {"EINTR", "short"}) {
    EachCall(
        "write", how, extract, [&] { EmptyOut(); },
        [&](const Outcome& outcome) {
          EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
          EXPECT_EQ(Outputs(), whole);
        });
  }
}

TEST_F(FaultsTest, ABundleThatCannotBeReadIsOneLine) {
  fs::copy(kTiny, folder_ / "out/bundle");
  const std::vector<std::string> classify = {
      "classify",    Clip("a.mp4"), "--model",
      Out("bundle"), "--output",    (folder_ / "r.json").string()};
  EXPECT_GT(EachCall(
                "read", "EIO", classify, [] {},
                [&](const Outcome& outcome) {
                  EXPECT_EQ(outcome.exit_code, 3);
                  EXPECT_THAT(outcome.err,
                              MatchesRegex("vsa: [^\n]*/bundle/[^\n]*: cannot "
                                           "be read: Input/output error\n"));
                }),
            2);
  EXPECT_GT(EachCall(
                "read", "short", classify, [] {},
                [&](const Outcome& outcome) {
                  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
                }),
            2);
}

}  // namespace
}  // namespace vsa
