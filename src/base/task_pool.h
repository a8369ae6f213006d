// A few long-lived workers that take the independent pieces of one video's
// work: frames to crop, batches to encode.
#ifndef VSA_BASE_TASK_POOL_H_
#define VSA_BASE_TASK_POOL_H_

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "base/bounded_queue.h"
#include "base/thread_group.h"

namespace vsa {

class TaskPool {
 public:
  // Throws Error (kSetup) if the system gives no thread for a worker.
  explicit TaskPool(int workers)
      : workers_(workers),
        tasks_(static_cast<std::size_t>(workers)),
        threads_([this] { tasks_.Close(); }) {
    for (int i = 0; i < workers; ++i)
      threads_.Start([this] {
        while (auto task = tasks_.Pop()) (*task)();
      });
  }

  int workers() const { return workers_; }

  // Waits until fewer tasks than there are workers wait to be begun. A task
  // must not wait for another one, and keeps alive what it uses: it may run
  // until the pool is gone. The future has what `task` gives or throws. Safe
  // from several threads.
  template <typename Task>
  auto Submit(Task task) -> std::future<decltype(task())> {
    auto shared = std::make_shared<std::packaged_task<decltype(task())()>>(
        std::move(task));
    tasks_.Push([shared] { (*shared)(); });
    return shared->get_future();
  }

 private:
  const int workers_;
  BoundedQueue<std::function<void()>> tasks_;
  ThreadGroup threads_;  // last: they end before what they use
};

}  // namespace vsa

#endif  // VSA_BASE_TASK_POOL_H_
