// How long the stages of a run are at work.
#ifndef VSA_ANALYSIS_TIMED_H_
#define VSA_ANALYSIS_TIMED_H_

#include <chrono>

namespace vsa {

// Adds the seconds that `call` takes to `*seconds`; gives what it gave.
template <typename Call>
auto Timed(double* seconds, Call call) -> decltype(call()) {
  using Clock = std::chrono::steady_clock;
  struct Stop {
    double* seconds;
    Clock::time_point start = Clock::now();
    ~Stop() {
      *seconds += std::chrono::duration<double>(Clock::now() - start).count();
    }
  } stop{seconds};
  return call();
}

}  // namespace vsa

#endif  // VSA_ANALYSIS_TIMED_H_
