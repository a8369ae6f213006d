// The file of results: whose it is, what it holds, and who may write it.
#include "batch/results_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

const std::string kA = "{\"schema\":\"vsa.result/1\",\"item\":\"a\"}\n";
const std::string kB = "{\"schema\":\"vsa.result/1\",\"item\":\"b\"}\n";

class ResultsFileTest : public TemporaryFolder {
 protected:
  std::string MessageOfOpening(bool replace = false) {
    try {
      ResultsFile results(path_, replace);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return error.what();
    }
    return "";
  }
  std::string path_ = (folder_ / "r.jsonl").string();
};

TEST_F(ResultsFileTest, AnUnfinishedLineGoesWhenTheNextIsWritten) {
  Write("r.jsonl", kA + kB.substr(0, 30));
  ResultsFile results(path_, false);
  ASSERT_EQ(results.lines().size(), 1u);
  EXPECT_EQ(Contents(path_), kA + kB.substr(0, 30)) << "untouched as yet";
  results.Append(kB, {"b", "", false});
  EXPECT_EQ(Contents(path_), kA + kB);
  results.Arrange({1, 0});
  EXPECT_EQ(Contents(path_), kB + kA);
  results.Append(kA, {"a", "", false});
  EXPECT_EQ(Contents(path_), kB + kA + kA);
}

TEST_F(ResultsFileTest, LinesLongerThanABlockAreRead) {
  const std::string longer = kA.substr(0, kA.size() - 2) + ",\"x\":\"" +
                             std::string(200000, 'x') + "\"}\n";
  Write("r.jsonl", kB + longer + kB);
  const std::vector<ResultsLine> lines = ReadResultsLines(path_);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].size, longer.size());
  EXPECT_EQ(lines[2].offset, kB.size() + longer.size());
}

TEST_F(ResultsFileTest, AFileOfAnotherKindIsRefusedUntouchedOrReplaced) {
  for (const std::string& other :
       {std::string("my notes"), kA + "my notes\n", kA + "{\"schema\"",
        std::string(100000, 'x')}) {
    Write("r.jsonl", other);
    const std::string message = MessageOfOpening();
    if (other == kA + "{\"schema\"") {
      EXPECT_EQ(message, "") << "an unfinished line of our own";
      continue;
    }
    const char* line = other.front() == '{' ? ":2" : ":1";
    EXPECT_EQ(message, path_ + line +
                           ": is no result of vsa, so this is no file of vsa "
                           "batch; use --force to replace it");
    EXPECT_EQ(Contents(path_), other);
    EXPECT_EQ(MessageOfOpening(/*replace=*/true), "");
  }
  ResultsFile results(path_, true);
  results.Append(kA, {"a", "", false});
  EXPECT_EQ(Contents(path_), kA);
}

TEST_F(ResultsFileTest, ASecondWriterIsKeptOutAndTheLockSurvivesTheRenaming) {
  const std::string in_use =
      path_ +
      ": is in use by another vsa batch; expected to be its only writer";
  {
    ResultsFile results(path_, false);
    EXPECT_EQ(MessageOfOpening(), in_use);
    results.Append(kA, {"a", "", false});
    results.Append(kB, {"b", "", false});
    const int opened_before = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    results.Arrange({1, 0});
    EXPECT_EQ(MessageOfOpening(), in_use);
    EXPECT_NE(flock(opened_before, LOCK_EX | LOCK_NB), 0)
        << "who opened the file before it was renamed is kept out, too";
    close(opened_before);
  }
  EXPECT_EQ(MessageOfOpening(), "");
}

TEST_F(ResultsFileTest, AByteOrderMarkOfAnEditorGoes) {
  Write("r.jsonl", "\xEF\xBB\xBF" + kA);
  {
    ResultsFile results(path_, false);
    EXPECT_EQ(results.lines().size(), 1u);
    results.Append(kB, {"b", "", false});
    EXPECT_EQ(Contents(path_), kA + kB);
  }
  Write("r.jsonl", "\xEF\xBB\xBF" + kA + "\xEF\xBB\xBF" + kB);
  ResultsFile(path_, false).Arrange({0, 1});
  EXPECT_EQ(Contents(path_), kA + kB) << "files that were joined";
}

// As a process does that a run was starting when it was killed.
TEST_F(ResultsFileTest, ALockThatIsHeldForAMomentIsWaitedFor) {
  Write("r.jsonl", kA);
  const int held = open(path_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  std::thread holder([held] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    close(held);
  });
  EXPECT_EQ(MessageOfOpening(), "");
  holder.join();
}

// As another machine does, where locks do not reach over NFS.
TEST_F(ResultsFileTest, AWriterWithoutALockIsFoundOutAndLosesNothing) {
  for (const std::string& before : {std::string(), kA, kA + "{\"sch"}) {
    Write("r.jsonl", before);
    ResultsFile results(path_, false);
    std::ofstream(path_, std::ios::app) << kB;
    const auto message_of = [](const std::function<void()>& use) {
      try {
        use();
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kSetup);
        return std::string(error.what());
      }
      return std::string();
    };
    const std::string found_out =
        path_ +
        ": was written by somebody else, too, though it is locked; expected "
        "to be its only writer, and its file system to have locks";
    EXPECT_EQ(message_of([&] {
                results.Append(kA, {"a", "", false});
              }),
              found_out);
    EXPECT_EQ(message_of([&] { results.Arrange({}); }), found_out);
    EXPECT_EQ(Contents(path_), before + kB);
  }
  fs::remove(path_);
  {
    ResultsFile results(path_, false);
    std::ofstream(path_, std::ios::app) << kB;
  }
  EXPECT_EQ(Contents(path_), kB) << "not empty, though this run wrote nothing";
}

TEST_F(ResultsFileTest, ALockOfAKilledProcessKeepsNobodyOut) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    ResultsFile results(path_, false);
    (void)!write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char byte;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_NE(MessageOfOpening(), "");
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(MessageOfOpening(), "");
}

TEST_F(ResultsFileTest, LeavesNoEmptyFileUnlessItIsTheResult) {
  { ResultsFile results(path_, false); }
  EXPECT_FALSE(fs::exists(path_));
  {
    ResultsFile results(path_, false);
    results.Arrange({});
  }
  EXPECT_TRUE(fs::exists(path_));
}

TEST_F(ResultsFileTest, ALinkStaysALink) {
  Write("real.jsonl", kA + kB);
  fs::create_symlink("real.jsonl", path_);
  ResultsFile results(path_, false);
  results.Arrange({1, 0});
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(Contents(folder_ / "real.jsonl"), kB + kA);
}

TEST_F(ResultsFileTest, AFolderIsRefused) {
  fs::create_directory(path_);
  EXPECT_EQ(MessageOfOpening(), path_ + ": cannot be written: Is a directory");
}

// A power cut leaves lines torn, emptied or filled with zeros, at any place.
TEST_F(ResultsFileTest, TornLinesAnywhereAreLeftOutAndTheOthersKept) {
  const std::string zeros(300, '\0');
  for (const std::string& torn :
       {kB.substr(0, 20) + "\n", kB.substr(20), zeros + "\n",
        kB.substr(0, 20) + zeros + "\n", std::string("\n"),
        std::string("  \r\n"), zeros}) {
    for (const std::string& file :
         {torn + kA + kB, kA + torn + kB, kA + kB + torn}) {
      if (torn.back() == '\0' && file.compare(0, torn.size(), torn) == 0)
        continue;  // the line behind them is torn, too
      Write("r.jsonl", file);
      ResultsFile results(path_, false);
      ASSERT_GE(results.lines().size(), torn.back() == '\0' ? 1u : 2u) << file;
      EXPECT_EQ(Contents(path_), file) << "untouched as yet";
      std::string whole;
      for (const ResultsLine& line : results.lines())
        whole += file.substr(line.offset, line.size);
      results.Append(kA, {"a", "", false});
      EXPECT_EQ(Contents(path_), whole + kA);
    }
  }
}

TEST_F(ResultsFileTest, AFileCutAtAnyByteIsGoneOnWith) {
  const std::string file = kA + kB + kA;
  for (std::size_t size = 0; size <= file.size(); ++size) {
    Write("r.jsonl", file.substr(0, size));
    {
      ResultsFile results(path_, false);
      EXPECT_EQ(results.lines().size(), size / kA.size()) << size;
      results.Append(kB, {"b", "", false});
    }
    EXPECT_EQ(Contents(path_),
              file.substr(0, size / kA.size() * kA.size()) + kB);
    fs::remove(path_);
  }
}

TEST_F(ResultsFileTest, WhatOnlyEndsAsAResultIsNone) {
  for (const std::string& other :
       {std::string("{\"a\": 1}\n"), std::string("{\"a\": 1}"),
        std::string("x}\n"), kA + "{\"schema\":\"other\"}\n", kA + "text\n"}) {
    Write("r.jsonl", other);
    EXPECT_THAT(MessageOfOpening(), testing::HasSubstr("is no result of vsa"))
        << other;
    EXPECT_EQ(Contents(path_), other);
  }
}

TEST_F(ResultsFileTest, AFileBesideOfAnotherKindStays) {
  const std::string in_the_way =
      path_ +
      ".part: is in the way, and no rest of a vsa batch; expected that name to "
      "be free";
  Write("r.jsonl.part", "mine");
  EXPECT_EQ(MessageOfOpening(), in_the_way);
  EXPECT_EQ(Contents(path_ + ".part"), "mine");
  EXPECT_FALSE(fs::exists(path_)) << "a refused run leaves no empty file";
  fs::remove(path_ + ".part");
  fs::create_symlink("nowhere", path_ + ".part");
  EXPECT_EQ(MessageOfOpening(), in_the_way);
}

}  // namespace
}  // namespace vsa
