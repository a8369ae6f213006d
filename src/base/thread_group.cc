#include "base/thread_group.h"

#include <system_error>
#include <utility>

#include "vsa/error.h"

namespace vsa {

void FailToStartThread(const std::string& reason) {
  throw Error(ErrorKind::kSetup, "a thread cannot be started: " + reason +
                                     "; expected room for more of them "
                                     "(ulimit -u, pids.max)");
}

ThreadGroup::ThreadGroup(std::function<void()> stop) : stop_(std::move(stop)) {}

ThreadGroup::~ThreadGroup() {
  stop_();
  JoinAll();
}

void ThreadGroup::Start(std::function<void()> work) {
  // Room first: a thread that runs must be one that is joined.
  threads_.reserve(threads_.size() + 1);
  try {
    threads_.emplace_back([this, work = std::move(work)] {
      try {
        work();
      } catch (...) {
        {
          const std::lock_guard<std::mutex> lock(mutex_);
          if (!failure_) failure_ = std::current_exception();
        }
        stop_();
      }
    });
  } catch (const std::system_error& error) {
    FailToStartThread(error.code().message());
  }
}

void ThreadGroup::Join() {
  JoinAll();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadGroup::JoinAll() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace vsa
