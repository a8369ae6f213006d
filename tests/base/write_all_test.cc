#include "base/write_all.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using WriteAllTest = TemporaryFolder;

// More than a pipe holds.
std::string ManyBytes() {
  std::string bytes;
  for (int i = 0; bytes.size() < 1000000; ++i) bytes += std::to_string(i) + " ";
  return bytes;
}

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  void CloseReader() { Close(&ends[0]); }
  void CloseWriter() { Close(&ends[1]); }
  static void Close(int* end) {
    if (*end >= 0) close(*end);
    *end = -1;
  }
  std::string ReadToEnd() const {
    std::string all;
    char block[4096];
    ssize_t n = 0;
    while ((n = read(ends[0], block, sizeof block)) > 0)
      all.append(block, static_cast<std::size_t>(n));
    return all;
  }

  int ends[2];
};

TEST_F(WriteAllTest, WaitsForAFullPipeThatDoesNotBlock) {
  Pipe pipe;
  fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK);
  std::string arrived;
  std::thread reader([&] { arrived = pipe.ReadToEnd(); });
  EXPECT_TRUE(WriteAll(pipe.ends[1], ManyBytes()));
  pipe.CloseWriter();
  reader.join();
  EXPECT_EQ(arrived, ManyBytes());
}

std::atomic<int> alarms{0};

TEST_F(WriteAllTest, GoesOnAfterASignal) {
  Pipe pipe;
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarm, nullptr);
  std::string arrived;
  // Not before the writer, whose pipe is full, was interrupted.
  std::thread reader([&] {
    while (alarms < 3) std::this_thread::yield();
    arrived = pipe.ReadToEnd();
  });
  struct sigaction action {};
  action.sa_handler = [](int) { ++alarms; };  // without SA_RESTART
  struct sigaction action_before {};
  sigaction(SIGALRM, &action, &action_before);
  pthread_sigmask(SIG_UNBLOCK, &alarm, nullptr);
  const itimerval every_ms{{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &every_ms, nullptr);
  EXPECT_TRUE(WriteAll(pipe.ends[1], ManyBytes()));
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
  sigaction(SIGALRM, &action_before, nullptr);
  pipe.CloseWriter();
  reader.join();
  EXPECT_EQ(arrived, ManyBytes());
}

TEST_F(WriteAllTest, SaysWhyNotAllCouldBeWritten) {
  const std::string path = folder_ / "x";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  const auto handler_before = signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  errno = 0;
  EXPECT_FALSE(WriteAll(file, ManyBytes()));
  EXPECT_EQ(errno, EFBIG);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler_before);
  close(file);
  EXPECT_EQ(Contents(path), ManyBytes().substr(0, 100));

  const int full = open("/dev/full", O_WRONLY);
  EXPECT_FALSE(WriteAll(full, "x"));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_TRUE(WriteAll(full, ""));
  close(full);
}

TEST_F(WriteAllTest, SaysThatTheReaderIsGone) {
  const auto handler_before = signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.CloseReader();
  EXPECT_FALSE(WriteAll(pipe.ends[1], "x"));
  EXPECT_EQ(errno, EPIPE);
  signal(SIGPIPE, handler_before);
}

}  // namespace
}  // namespace vsa
