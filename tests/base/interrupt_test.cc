#include "base/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using InterruptTest = TemporaryFolder;

// What one thread holds is finished, though another gets the signal.
TEST_F(InterruptTest, WaitsForWhatIsHeld) {
  const std::string file = (folder_ / "done").string();
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGINT, [](int) { EndAtInterrupt(130); });
    {
      HoldInterrupts hold;
      HoldInterrupts again;
      std::thread([] { raise(SIGINT); }).join();
      Write("done", "x");
    }
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(Contents(file), "x");
}

TEST_F(InterruptTest, EndsAtOnceWhereNothingIsHeld) {
  EXPECT_EXIT(EndAtInterrupt(7), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace vsa
