// Threads that never outlive what they work on, and of which no failure is
// lost: neither an exception nor a thread that cannot be started.
#ifndef VSA_BASE_THREAD_GROUP_H_
#define VSA_BASE_THREAD_GROUP_H_

#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vsa {

// Throws Error (kSetup): the system gives no thread, for this reason.
[[noreturn]] void FailToStartThread(const std::string& reason);

// All calls come from the thread that made the group.
class ThreadGroup {
 public:
  // `stop` makes all threads of the group end soon: it closes the queues that
  // they wait at. Called, perhaps several times and from several threads, when
  // one of them throws and when the group is destroyed.
  explicit ThreadGroup(std::function<void()> stop = [] {});

  // Stops and joins. Declare the group after all that its threads use.
  ~ThreadGroup();

  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;

  // Runs `work` on a new thread. Throws Error (kSetup) if the system gives
  // none.
  void Start(std::function<void()> work);

  // Waits for all threads; throws what the first one that failed threw.
  void Join();

 private:
  void JoinAll();

  std::function<void()> stop_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::exception_ptr failure_;  // the first
};

}  // namespace vsa

#endif  // VSA_BASE_THREAD_GROUP_H_
