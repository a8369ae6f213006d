#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

using FileTest = TemporaryFolder;

template <typename Call>
std::string Complaint(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(FileTest, ReadsBackWhatItWrote) {
  const std::string bytes("a\0b\n", 4);
  WriteFile(folder_ / "x", bytes);
  EXPECT_EQ(ReadFile(folder_ / "x", ErrorKind::kInput), bytes);
}

TEST_F(FileTest, RefusesWhatIsNoRegularFile) {
  const std::string folder = folder_.string();
  EXPECT_EQ(Complaint([&] { ReadFile(folder + "/none", ErrorKind::kInput); }),
            folder + "/none: cannot be opened: No such file or directory");
  EXPECT_EQ(Complaint([&] { ReadFile(folder, ErrorKind::kInput); }),
            folder + ": is not a regular file; expected one");
  ASSERT_EQ(mkfifo((folder + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Complaint([&] { ReadFile(folder + "/pipe", ErrorKind::kInput); }),
            folder + "/pipe: is not a regular file; expected one");
}

TEST_F(FileTest, AFullDiskLeavesTheOldFileAndNoOther) {
  const std::string path = folder_ / "x";
  WriteFile(path, "old");
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string complaint =
      Complaint([&] { WriteFile(path, std::string(1000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(complaint, path + ": cannot be written: File too large");
  EXPECT_EQ(ReadFile(path, ErrorKind::kInput), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, WritesManyAndSyncsThemAtOnce) {
  WriteFile(folder_ / "x", "old");
  WriteFileUnsynced(folder_ / "x", "new");
  SyncFileSystem(folder_);
  EXPECT_EQ(ReadFile(folder_ / "x", ErrorKind::kInput), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
  const std::string none = folder_ / "none";
  EXPECT_EQ(Complaint([&] { SyncFileSystem(none); }),
            none + ": cannot be written: No such file or directory");
}

TEST_F(FileTest, OfALinkTheFileIsReplacedAndADeviceIsWritten) {
  Write("real.txt", "old");
  const std::string link = (folder_ / "link.txt").string();
  std::filesystem::create_symlink("real.txt", link);
  WriteFile(link, "new");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(Contents((folder_ / "real.txt").string()), "new");
  const std::string dangling = (folder_ / "dangling.txt").string();
  std::filesystem::create_symlink("made.txt", dangling);
  WriteFile(dangling, "made");
  EXPECT_TRUE(std::filesystem::is_symlink(dangling));
  EXPECT_EQ(Contents((folder_ / "made.txt").string()), "made");
  EXPECT_TRUE(IsDevice("/dev/null"));
  CheckWritable("/dev/null");
  WriteFile("/dev/null", "gone");
  EXPECT_TRUE(IsDevice("/dev/null"));
}

TEST_F(FileTest, TheModeOfWhatIsReplacedStays) {
  const std::string path = Write("x", "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  WriteFile(path, "new");
  EXPECT_EQ(fs::status(path).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FileTest, TooManyOpenFilesAreNoFaultOfTheFile) {
  const std::string path = Write("x", "x");
  CheckRoomForFiles(3);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  ErrorKind kind = ErrorKind::kInput;
  try {
    ReadFile(path, ErrorKind::kInput);
  } catch (const Error& error) {
    kind = error.kind();
  }
  const std::string complaint = Complaint([] { CheckRoomForFiles(3); });
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(kind, ErrorKind::kSetup);
  EXPECT_EQ(complaint,
            "files cannot be opened: Too many open files; expected room for 3 "
            "more of them (ulimit -n)");
}

TEST_F(FileTest, SameFileSeesThroughNames) {
  WriteFile(folder_ / "x", "");
  fs::create_symlink(folder_ / "x", folder_ / "y");
  EXPECT_TRUE(SameFile(folder_ / "x", folder_ / "y"));
  EXPECT_FALSE(SameFile(folder_ / "x", folder_));
  EXPECT_FALSE(SameFile(folder_ / "none", folder_ / "none"));
}

}  // namespace
}  // namespace vsa
