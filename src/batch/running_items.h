// Which items are at work, in a file beside RESULTS: an item may end the whole
// process, which the next run must know.
#ifndef VSA_BATCH_RUNNING_ITEMS_H_
#define VSA_BATCH_RUNNING_ITEMS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "base/open_file.h"
#include "batch/digest.h"

namespace vsa {

// What is at work with each of some workers, kept where a crash or a kill of
// the process leaves it. Without the file, as on a full disk, nothing is left,
// and nothing fails.
class RunningItems {
 public:
  // Goes on with the file that a run left. No file: an empty `path`. Throws
  // Error (kSetup) if something else has that name.
  RunningItems(const std::string& path, int workers);
  // Of a run that ends the file goes, unless items that were left in it are
  // still not settled.
  ~RunningItems();
  RunningItems(const RunningItems&) = delete;
  RunningItems& operator=(const RunningItems&) = delete;

  // Whether the item was at work when an earlier run ended by a crash or a
  // kill.
  bool WasLeft(const Digest& item) const;

  // The item has its line: if it was left, the next run need not know of it.
  // One call at a time.
  void Settle(const Digest& item);

  // Called by several threads, each with a number of its own.
  void Begin(int worker, const Digest& item);
  void Finish(int worker);

 private:
  void WriteWorker(int worker, const std::string& text) const;
  void WriteAt(std::size_t place, const std::string& text) const;

  const std::string path_;
  OpenFile file_;
  std::vector<Digest> left_;   // which come first in the file
  std::vector<bool> settled_;  // of these
};

}  // namespace vsa

#endif  // VSA_BATCH_RUNNING_ITEMS_H_
