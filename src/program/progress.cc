#include "program/progress.h"

#include <cmath>
#include <cstdio>
#include <utility>

namespace vsa {
namespace {

constexpr auto kBetweenLines = std::chrono::seconds(30);
constexpr auto kBetweenUpdates = std::chrono::milliseconds(100);

// "0:07", "12:34", "1:02:03"
std::string AsClock(double seconds) {
  const long long whole = std::llround(seconds);
  char text[48];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600,
                  whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  }
  return text;
}

}  // namespace

Progress::Progress(ProgressStyle style,
                   std::function<void(const std::string&)> write, Clock clock)
    : style_(style), write_(std::move(write)), clock_(std::move(clock)) {}

void Progress::Start(std::optional<std::size_t> items) {
  const std::lock_guard<std::mutex> lock(mutex_);
  items_ = items;
  started_ = written_ = clock_();
}

void Progress::ItemDone(bool failed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++done_;
  if (failed) ++failed_;
  if (style_ == ProgressStyle::kNone) return;
  const Time now = clock_();
  if (style_ == ProgressStyle::kLines) {
    if (now - written_ < kBetweenLines) return;
    write_(Line(now) + "\n");
  } else {
    if (shown_ && now - written_ < kBetweenUpdates) return;
    Clear();
    write_(Line(now));
    shown_ = true;
  }
  written_ = now;
}

void Progress::Around(const std::function<void()>& say) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Clear();
  say();
}

std::string Progress::Line(Time now) const {
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double each = seconds / static_cast<double>(done_);
  char rate[64];
  std::snprintf(rate, sizeof rate, "%.1f/min", each > 0 ? 60 / each : 0);
  const std::string failed = std::to_string(failed_) + " failed, " + rate;
  if (!items_) return "vsa: " + std::to_string(done_) + " done, " + failed;
  return "vsa: " + std::to_string(done_) + " of " + std::to_string(*items_) +
         ", " + failed + ", " +
         AsClock(each * static_cast<double>(*items_ - done_)) + " left";
}

void Progress::Clear() {
  if (shown_) write_("\r\033[K");
  shown_ = false;
}

}  // namespace vsa
