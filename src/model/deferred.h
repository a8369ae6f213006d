// A value that a thread of its own makes; whoever needs it waits for it.
#ifndef VSA_MODEL_DEFERRED_H_
#define VSA_MODEL_DEFERRED_H_

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/thread_group.h"

namespace vsa {

// Safe to call from several threads. Its end waits for the thread.
template <typename T>
class Deferred {
 public:
  explicit Deferred(std::function<T()> make) : make_(std::move(make)) {}

  // Begins, unless that was done before. Throws Error (kSetup) if the system
  // gives no thread.
  void Start() const {
    std::call_once(once_, [this] {
      auto make = std::make_shared<std::packaged_task<T()>>(make_);
      std::shared_future<T> value = make->get_future().share();
      thread_.emplace().Start([make] { (*make)(); });
      value_ = std::move(value);
    });
  }

  // Throws what `make` threw, to every caller.
  const T& Get() const {
    Start();
    return value_.get();
  }

 private:
  const std::function<T()> make_;
  mutable std::once_flag once_;
  mutable std::shared_future<T> value_;
  mutable std::optional<ThreadGroup> thread_;
};

}  // namespace vsa

#endif  // VSA_MODEL_DEFERRED_H_
