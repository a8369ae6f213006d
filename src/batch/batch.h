// Many videos to one file of results: several at a time, resumed where an
// earlier run stopped, in the order of INPUT at the end.
#ifndef VSA_BATCH_BATCH_H_
#define VSA_BATCH_BATCH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "batch/batch_item.h"
#include "batch/digest.h"
#include "batch/results_file.h"
#include "vsa/error.h"

namespace vsa {

struct BatchOptions {
  int jobs = 1;               // items at a time, at most one a core
  bool fail_fast = false;     // stop at the first item that fails
  bool retry_failed = false;  // compute again what failed in an earlier run
  bool prune = false;         // drop the lines of items that are not in INPUT
};

// The items of a run, of which only those at work are in memory as a whole.
struct BatchItems {
  std::size_t count = 0;
  // Looks at an item's files. Called once for each, in order.
  std::function<BatchItem(std::size_t index)> look;
  // Without looking. Called from several threads.
  std::function<Item(std::size_t index)> item;
};

// What is to be done with each item and each line of an earlier run, as indexes
// of the items and lines that it was made from.
struct BatchPlan {
  struct ToCompute {
    std::size_t index;
    Digest identity, key;
    bool failed;  // in an earlier run
  };
  std::vector<ToCompute> to_compute;
  // The line that an item has, or keeps unless it gets a new one.
  std::vector<std::optional<std::size_t>> line_of_item;
  std::vector<std::size_t> others;  // lines of items that are not in INPUT
  std::size_t kept = 0;             // results
  std::size_t failed = 0;           // failures of an earlier run that are kept
};

// `look` gives each of `count` items; `found`, if it is there, gets those that
// are to be computed.
BatchPlan PlanBatch(
    std::size_t count, const std::function<BatchItem(std::size_t)>& look,
    const std::vector<ResultsLine>& lines, bool retry_failed,
    const std::function<void(const BatchItem&)>& found = nullptr);

// An item that came while the run went on.
struct ArrivedItem {
  BatchItem item;
  // Why it cannot be one: then it has no identity.
  std::optional<Error> refused;
};

struct BatchCounts {
  std::size_t computed = 0;
  std::size_t kept = 0;
  std::size_t failed = 0;         // in this run, or in an earlier one and kept
  std::size_t kept_failures = 0;  // those of an earlier run
  std::size_t left = 0;           // not begun: the run was stopped
  std::size_t others = 0;         // lines of items that are not in INPUT, kept
};

// What a batch needs of the rest of the program.
struct BatchWork {
  // Called once, before the first item that is to be computed, with their
  // number, if it is known, and how many of them run at a time. What it throws
  // ends the run.
  std::function<void(std::optional<std::size_t> count, int jobs)> start;
  // The line of an item, of which only its names, identity and key are there.
  // Called from several threads, each with the number of its worker, from 0.
  // `alone`: the item may have ended the process of an earlier run, so it is to
  // be computed in another one than this. An Error of kInput or
  // kInternal, or a foreign exception, is a failure of this item; other Errors
  // end the run.
  std::function<std::string(const BatchItem& item, int worker, bool alone)>
      compute;
  // The line of an item that failed.
  std::function<std::string(const BatchItem&, const Error&)> format_failure;
  // Called after each item, one call at a time; `error` is null if it went
  // well.
  std::function<void(const Error* error)> done;
};

// Items that were at work when an earlier run ended by a crash or a kill, or
// that failed in one, are computed alone. Computes what `results` lacks and
// leaves it in the order of INPUT: first others' lines, then the items'. Items
// that are running when `stop` becomes true are finished, no new ones are
// begun. An item that fails never replaces a result that it had. Only as many
// items as there are jobs are in memory. Throws what is no failure of one item,
// with all finished lines in `results`.
BatchCounts RunBatch(const BatchItems& items, const BatchOptions& options,
                     const BatchWork& work, const std::atomic<bool>& stop,
                     ResultsFile* results);

// Computes what comes, until `next` gives none: each item as soon as a job is
// free for it, its line at once when it is done. `next` is called by one thread
// at a time, and gives none soon after `ended` has become true: that `stop`
// has, that an item failed or that nobody reads the results any longer. Throws
// what is no failure of one item.
BatchCounts StreamBatch(const std::function<std::optional<ArrivedItem>(
                            const std::function<bool()>& ended)>& next,
                        const BatchOptions& options, const BatchWork& work,
                        const std::atomic<bool>& stop, ResultsFile* results);

// The `index`-th (from 1) of `count` contiguous parts of items with these
// sizes, as [begin, end): the sums of the sizes are about the same. The parts
// one after the other are the whole.
std::pair<std::size_t, std::size_t> ShardOf(
    const std::vector<std::uint64_t>& sizes, int index, int count);

}  // namespace vsa

#endif  // VSA_BATCH_BATCH_H_
