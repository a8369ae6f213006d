#include "base/thread_group.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <stdexcept>
#include <string>

#include "base/bounded_queue.h"
#include "base/task_pool.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// While it lives no thread can be started: none finds room for its stack.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t endless;
    pthread_getattr_default_np(&endless);
    pthread_attr_setstacksize(&endless, std::size_t{1} << 46);
    pthread_setattr_default_np(&endless);
    pthread_attr_destroy(&endless);
  }
  ~NoMoreThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

TEST(ThreadGroupTest, AThreadThatCannotBeStartedEndsTheOthersInOneLine) {
  BoundedQueue<int> queue(1);
  int taken = 0;
  try {
    ThreadGroup threads([&] { queue.Close(); });
    threads.Start([&] {
      while (queue.Pop()) ++taken;
    });
    queue.Push(1);
    const NoMoreThreads full;
    threads.Start([] {});
    FAIL() << "the second thread was started";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    EXPECT_STREQ(error.what(),
                 "a thread cannot be started: Resource temporarily "
                 "unavailable; expected room for more of them (ulimit -u, "
                 "pids.max)");
  }
  EXPECT_EQ(taken, 1);
}

TEST(ThreadGroupTest, WhatOneThreadThrowsStopsTheOthersAndIsThrownByJoin) {
  BoundedQueue<int> queue(1);
  ThreadGroup threads([&] { queue.Close(); });
  threads.Start([&] { queue.Pop(); });  // waits in vain until it is stopped
  threads.Start([] { throw std::runtime_error("lost the file"); });
  try {
    threads.Join();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "lost the file");
  }
  threads.Join();  // said once
}

TEST(ThreadGroupTest, AnExceptionBetweenStartAndJoinWaitsForNoOne) {
  BoundedQueue<int> queue(1);
  EXPECT_THROW(
      {
        ThreadGroup threads([&] { queue.Close(); });
        threads.Start([&] { queue.Pop(); });
        throw std::runtime_error("between");
      },
      std::runtime_error);
}

TEST(TaskPoolTest, FuturesHaveWhatTheirTasksGiveOrThrow) {
  TaskPool pool(2);
  std::vector<std::future<int>> squares;
  for (int i = 0; i < 100; ++i)
    squares.push_back(pool.Submit([i] { return i * i; }));
  auto failing =
      pool.Submit([]() -> int { throw std::runtime_error("no square"); });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(squares[i].get(), i * i);
  EXPECT_THROW(failing.get(), std::runtime_error);
}

TEST(TaskPoolTest, AWorkerThatCannotBeStartedIsAnError) {
  const NoMoreThreads full;
  EXPECT_THROW(TaskPool pool(2), Error);
}

}  // namespace
}  // namespace vsa
