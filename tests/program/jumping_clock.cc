// A library to preload into vsa: the clock of the day jumps ten years ahead and
// back with each look at it; where there is VSA_TEST_FAST_CLOCK the one that
// never jumps goes ten thousand times as fast.
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace {

time_t Jump() {
  static std::atomic<unsigned> looks{0};
  constexpr time_t kTenYears = 10 * 365 * 24 * 3600;
  return ++looks % 2 == 0 ? kTenYears : -kTenYears;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) {
  const int status = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_REALTIME && status == 0) time->tv_sec += Jump();
  static const bool is_fast = std::getenv("VSA_TEST_FAST_CLOCK") != nullptr;
  if (is_fast && clock == CLOCK_MONOTONIC && status == 0) {
    constexpr long kFaster = 10000, kSecond = 1000000000;
    time->tv_sec = time->tv_sec * kFaster + time->tv_nsec * kFaster / kSecond;
    time->tv_nsec = time->tv_nsec * kFaster % kSecond;
  }
  return status;
}

extern "C" int gettimeofday(timeval* time, void* /*zone*/) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

extern "C" time_t time(time_t* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
