// Which items a run that was killed had at work.
#include "batch/running_items.h"

#include <gtest/gtest.h>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

Digest Of(unsigned char byte) {
  Digest digest{};
  digest.fill(byte);
  return digest;
}

class RunningItemsTest : public TemporaryFolder {
 protected:
  // As the file is while two workers have begun and one has finished.
  std::string Killed(const std::string& before = "") {
    if (!before.empty()) Write("r.running", before);
    RunningItems running(path_, 2);
    running.Begin(0, Of(1));
    running.Begin(1, Of(2));
    running.Finish(0);
    return Contents(path_);
  }

  std::string path_ = (folder_ / "r.running").string();
};

TEST_F(RunningItemsTest, AreThoseThatHadBegunAndNotFinished) {
  const std::string left = Killed();
  EXPECT_FALSE(std::filesystem::exists(path_)) << "that run came to its end";
  Write("r.running", left);
  const RunningItems running(path_, 2);
  EXPECT_FALSE(running.WasLeft(Of(1)));
  EXPECT_TRUE(running.WasLeft(Of(2)));
}

TEST_F(RunningItemsTest, AreKeptIfTheNextRunIsKilledToo) {
  Write("r.running", Killed(ToHex(Of(7)) + "\n"));
  const RunningItems running(path_, 1);
  EXPECT_TRUE(running.WasLeft(Of(7)));
  EXPECT_TRUE(running.WasLeft(Of(2)));
}

TEST_F(RunningItemsTest, AreKeptIfTheyAreNotSettled) {
  Write("r.running", ToHex(Of(7)) + "\n" + ToHex(Of(8)) + "\n");
  {
    RunningItems running(path_, 1);
    running.Begin(0, Of(7));
    running.Settle(Of(7));
    running.Finish(0);
    running.Begin(0, Of(9));
    running.Settle(Of(9));
    running.Finish(0);
  }
  {
    RunningItems running(path_, 1);
    EXPECT_FALSE(running.WasLeft(Of(7)));
    EXPECT_TRUE(running.WasLeft(Of(8)));
    EXPECT_FALSE(running.WasLeft(Of(9)));
    running.Settle(Of(8));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(RunningItemsTest, ATornLineIsNone) {
  Write("r.running", ToHex(Of(7)) + "\n" + ToHex(Of(8)).substr(0, 9));
  const RunningItems running(path_, 1);
  EXPECT_TRUE(running.WasLeft(Of(7)));
  EXPECT_FALSE(running.WasLeft(Of(8)));
}

TEST_F(RunningItemsTest, ZerosOfACrashOfTheMachineAreNone) {
  Write("r.running", ToHex(Of(7)) + "\n" + std::string(65, '\0'));
  EXPECT_TRUE(RunningItems(path_, 1).WasLeft(Of(7)));
  Write("r.running", std::string(65, '\0'));
  {
    RunningItems running(path_, 1);
    running.Begin(0, Of(2));
    EXPECT_NE(Contents(path_).find(ToHex(Of(2))), std::string::npos);
  }
}

TEST_F(RunningItemsTest, WhatElseHasTheNameStaysAndIsRefused) {
  const auto expect_refused = [&] {
    try {
      const RunningItems running(path_, 1);
      ADD_FAILURE() << "expected an Error";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      EXPECT_EQ(error.what(),
                path_ +
                    ": is in the way, and no rest of a vsa batch; expected "
                    "that name to be free");
    }
  };
  for (const char* other : {"notes\n", "deadbeef-2024\n"}) {
    Write("r.running", other);
    expect_refused();
    EXPECT_EQ(Contents(path_), other);
  }
  std::filesystem::resize_file(path_, 1000 * 1000 * 1000);
  expect_refused();
  std::filesystem::remove(path_);
  std::filesystem::create_symlink("notes", path_);
  expect_refused();
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  expect_refused();
}

TEST_F(RunningItemsTest, WhereNoFileCanBeMadeNothingFails) {
  RunningItems nowhere((folder_ / "no/folder").string(), 1);
  nowhere.Begin(0, Of(1));
  EXPECT_FALSE(RunningItems("", 1).WasLeft(Of(1)));
}

}  // namespace
}  // namespace vsa
