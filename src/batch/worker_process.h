// An item's line from a process of its own, which may crash or be killed for
// its memory: the item fails then, and nothing else.
#ifndef VSA_BATCH_WORKER_PROCESS_H_
#define VSA_BATCH_WORKER_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>

#include "analysis/item.h"
#include "base/open_file.h"
#include "batch/batch_item.h"

namespace vsa {

// This program with the command line and the environment that it was started
// with, run anew where the first item needs it and after each that it did not
// survive: a fork would lack the threads of libtorch. It dies with the thread
// that started it. Not safe to share between threads.
class WorkerProcess {
 public:
  WorkerProcess() = default;
  // Lets it end.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // The line that the process computes. `bundles` names those that it is to
  // judge by. Throws Error: what it says of the item or of the set-up;
  // kInternal if it did not survive the item; kSetup if no process can be
  // started, or it has other bundles.
  std::string Compute(const BatchItem& item, const std::string& bundles);

 private:
  void Start();
  bool Send(const BatchItem& item, const std::string& bundles) const;
  // Up to the next NUL; empty if it ended before.
  std::string Receive();
  // Its status is left for End.
  bool HasEnded() const;
  // Waits for its end; its status as waitpid has it.
  int End();

  pid_t process_ = -1;
  OpenFile to_;    // its stdin
  OpenFile from_;  // its stdout
};

// Whether this process is such a one.
bool IsWorkerProcess();

// What it does then: takes an item after the other from stdin, until
// there are no more, and answers on stdout. `common` is what all items have,
// `bundles` names those that it has loaded; what `compute` throws is the
// answer. Throws Error (kSetup) if nobody reads it.
void ServeItems(const Item& common, const std::string& bundles,
                const std::function<std::string(const BatchItem&)>& compute);

}  // namespace vsa

#endif  // VSA_BATCH_WORKER_PROCESS_H_
