#include "video/frame_clock.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "video/sampling.h"

namespace vsa {

FrameClock::FrameClock(Time start, std::optional<double> frame_rate)
    : start_(start) {
  if (!frame_rate) return;
  const double longest = std::chrono::duration<double>(kLongestStill).count();
  declared_step_ = Time(std::max<long long>(
      1, std::llround(1e6 * std::min(1 / *frame_rate, longest))));
}

void FrameClock::StartAt(Time time) {
  last_ = time;
  frames_ = 1;
}

Time FrameClock::Tick(std::optional<Time> read, Time known) {
  if (frames_++ == 0) {
    last_ = read && *read >= start_ && *read - start_ < kLongestStill ? *read
                                                                      : start_;
  } else if (read && *read > last_ && *read - last_ < kLongestStill) {
    steps_.push_back(*read - last_);
    if (steps_.size() > kSteps) steps_.pop_front();
    last_ = *read;
  } else if (read && *read > last_ && *read <= known) {
    last_ = *read;  // a long pause, which is no typical step
  } else {
    last_ += TypicalStep();
  }
  return last_;
}

Time FrameClock::TypicalStep() const {
  if (steps_.empty()) return declared_step_;
  std::vector<Time> sorted(steps_.begin(), steps_.end());
  const auto middle = sorted.begin() + static_cast<long>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

}  // namespace vsa
