// How far a run of many items is, for who waits at a terminal or reads a log.
#ifndef VSA_PROGRAM_PROGRESS_H_
#define VSA_PROGRAM_PROGRESS_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace vsa {

enum class ProgressStyle {
  kNone,
  kLines,     // a line now and then
  kTerminal,  // one line that is written anew
};

// Safe to share between threads.
class Progress {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // `write` takes what goes to stderr, as it is.
  Progress(ProgressStyle style, std::function<void(const std::string&)> write,
           Clock clock = std::chrono::steady_clock::now);

  // From here on time counts. `items` is how many there will be, if known.
  void Start(std::optional<std::size_t> items);
  void ItemDone(bool failed);

  // Runs `say`, which writes whole lines to stderr, without mixing them with
  // the progress line.
  void Around(const std::function<void()>& say);

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::string Line(Time now) const;
  void Clear();

  std::mutex mutex_;
  const ProgressStyle style_;
  const std::function<void(const std::string&)> write_;
  const Clock clock_;
  std::optional<std::size_t> items_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  Time started_;
  Time written_;
  bool shown_ = false;  // the line stands on the terminal
};

}  // namespace vsa

#endif  // VSA_PROGRAM_PROGRESS_H_
