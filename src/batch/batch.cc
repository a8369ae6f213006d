#include "batch/batch.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <mutex>
#include <tuple>
#include <utility>

#include "base/cores.h"
#include "base/current_error.h"
#include "base/file.h"
#include "base/thread_group.h"
#include "batch/running_items.h"

namespace vsa {
namespace {

struct Computed {
  std::string line;
  std::optional<Error> failure;  // that the line tells
};

Computed Compute(const BatchItem& item, int worker, bool alone,
                 const BatchWork& work) {
  try {
    std::string line = work.compute(item, worker, alone);
    if (line.size() > kLongestResult)
      throw Error(ErrorKind::kInput,
                  item.item.video + ": its result has " +
                      std::to_string(line.size() / 1000000) +
                      " MB; expected at most " +
                      std::to_string(kLongestResult / 1000000));
    return {std::move(line), std::nullopt};
  } catch (...) {
    const Error failure = CurrentError(item.item.video);
    if (!IsFailureOfItem(failure)) throw;
    // What fails where no file can be opened is no failure to be kept.
    CheckRoomForFiles(1);
    return {work.format_failure(item, failure), failure};
  }
}

// What every item that is done changes; one call at a time.
void Count(const std::optional<Error>& failure, const BatchOptions& options,
           const BatchWork& work, BatchCounts* counts,
           std::atomic<bool>* ended) {
  ++(failure ? counts->failed : counts->computed);
  if (failure && options.fail_fast) *ended = true;
  work.done(failure ? &*failure : nullptr);
}

// Finds the line of an item, of several the last: a run that was killed leaves
// the one that it replaced.
class LastLines {
 public:
  explicit LastLines(const std::vector<ResultsLine>& lines) : lines_(lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].item) sorted_.push_back(i);
    }
    std::sort(
        sorted_.begin(), sorted_.end(), [&](std::size_t a, std::size_t b) {
          return std::tie(*lines[a].item, a) < std::tie(*lines[b].item, b);
        });
  }

  std::optional<std::size_t> Find(const Digest& item) const {
    const auto after =
        std::upper_bound(sorted_.begin(), sorted_.end(), item,
                         [&](const Digest& one, std::size_t line) {
                           return one < *lines_[line].item;
                         });
    if (after == sorted_.begin() || *lines_[*(after - 1)].item != item)
      return std::nullopt;
    return *(after - 1);
  }

 private:
  const std::vector<ResultsLine>& lines_;
  std::vector<std::size_t> sorted_;  // by the item
};

// What a run left at work and what has its line none the less.
void SettleKept(const BatchPlan& plan, const std::vector<ResultsLine>& lines,
                RunningItems* running) {
  auto next = plan.to_compute.begin();
  for (std::size_t i = 0; i < plan.line_of_item.size(); ++i) {
    if (next != plan.to_compute.end() && next->index == i)
      ++next;
    else
      running->Settle(*lines[*plan.line_of_item[i]].item);
  }
}

// Runs `one` again and again on each of `jobs` threads, with the thread's
// number, until it gives false or `ended` is true. It becomes so when one
// throws, which this then does, too.
void RunWorkers(int jobs, std::atomic<bool>* ended,
                const std::function<bool(int worker)>& one) {
  ThreadGroup threads([ended] { *ended = true; });
  for (int worker = 0; worker < jobs; ++worker) {
    threads.Start([&, worker] {
      UseShareOfCores(worker, jobs);
      while (!*ended && one(worker)) {
      }
    });
  }
  threads.Join();
}

}  // namespace

BatchPlan PlanBatch(std::size_t count,
                    const std::function<BatchItem(std::size_t)>& look,
                    const std::vector<ResultsLine>& lines, bool retry_failed,
                    const std::function<void(const BatchItem&)>& found) {
  const LastLines last_lines(lines);
  BatchPlan plan;
  plan.line_of_item.resize(count);
  std::vector<bool> taken(lines.size());
  for (std::size_t i = 0; i < count; ++i) {
    const BatchItem item = look(i);
    const Digest identity = ToDigest(item.identity);
    const Digest key = ToDigest(item.key);
    const std::optional<std::size_t> place = last_lines.Find(identity);
    const bool failed = place && lines[*place].failed;
    if (place) {
      plan.line_of_item[i] = place;
      taken[*place] = true;
      if (lines[*place].key == key && !(failed && retry_failed)) {
        ++(failed ? plan.failed : plan.kept);
        continue;
      }
    }
    plan.to_compute.push_back({i, identity, key, failed});
    if (found) found(item);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!taken[i] && (!lines[i].item || last_lines.Find(*lines[i].item) == i))
      plan.others.push_back(i);
  }
  return plan;
}

BatchCounts RunBatch(const BatchItems& items, const BatchOptions& options,
                     const BatchWork& work, const std::atomic<bool>& stop,
                     ResultsFile* results) {
  BatchPlan plan = PlanBatch(items.count, items.look, results->lines(),
                             options.retry_failed);
  if (options.prune) plan.others.clear();
  const std::size_t to_compute = plan.to_compute.size();
  BatchCounts counts;
  counts.kept = plan.kept;
  counts.failed = counts.kept_failures = plan.failed;
  counts.others = plan.others.size();

  std::atomic<bool> ended{false};
  std::atomic<std::size_t> next{0};  // of plan.to_compute
  std::mutex mutex;                  // of all that a finished item changes
  const int jobs =
      static_cast<int>(std::min<std::size_t>(options.jobs, to_compute));
  RunningItems running(results->PathBeside(".running"), jobs);
  SettleKept(plan, results->lines(), &running);
  const auto finish = [&](const BatchPlan::ToCompute& planned,
                          const BatchItem& item, Computed computed) {
    const std::lock_guard<std::mutex> lock(mutex);
    std::optional<Error>& failure = computed.failure;
    std::optional<std::size_t>& place = plan.line_of_item[planned.index];
    // Where an earlier result stays, nothing else would tell the next run that
    // the item may end the process.
    bool settled = true;
    if (failure && place && !results->lines()[*place].failed) {
      failure = Error(failure->kind(),
                      failure->what() + std::string("; its earlier result "
                                                    "stays"));
      settled = failure->kind() != ErrorKind::kInternal;
    } else {
      place = results->Append(computed.line,
                              {item.identity, item.key, failure.has_value()});
    }
    if (settled) running.Settle(planned.identity);
    Count(failure, options, work, &counts, &ended);
  };
  std::exception_ptr fatal;
  if (to_compute > 0) {
    work.start(to_compute, jobs);
    try {
      RunWorkers(jobs, &ended, [&](int worker) {
        if (stop) return false;
        const std::size_t at = next++;
        if (at >= to_compute) return false;
        const BatchPlan::ToCompute& planned = plan.to_compute[at];
        BatchItem item;
        item.item = items.item(planned.index);
        item.identity = ToHex(planned.identity);
        item.key = ToHex(planned.key);
        running.Begin(worker, planned.identity);
        const bool alone = planned.failed || running.WasLeft(planned.identity);
        finish(planned, item, Compute(item, worker, alone, work));
        running.Finish(worker);
        return true;
      });
    } catch (...) {
      fatal = std::current_exception();
    }
    counts.left = to_compute - std::min(next.load(), to_compute);
  }
  std::vector<std::size_t> order = std::move(plan.others);
  for (const std::optional<std::size_t>& line : plan.line_of_item) {
    if (line) order.push_back(*line);
  }
  plan = {};  // room for the lines in this order
  if (fatal) {
    try {
      // Of a run that did nothing no empty file is to stay.
      if (!order.empty()) results->Arrange(order);
    } catch (const Error&) {
      // What ended the run is what the user must hear of.
    }
    std::rethrow_exception(fatal);
  }
  results->Arrange(order);
  return counts;
}

BatchCounts StreamBatch(const std::function<std::optional<ArrivedItem>(
                            const std::function<bool()>& ended)>& next,
                        const BatchOptions& options, const BatchWork& work,
                        const std::atomic<bool>& stop, ResultsFile* results) {
  BatchCounts counts;
  std::atomic<bool> ended{false};
  std::mutex taking;
  std::mutex finishing;
  const auto take = [&] {
    const std::lock_guard<std::mutex> lock(taking);
    return next([&] {
      results->CheckReader();
      return stop || ended;
    });
  };
  work.start(std::nullopt, options.jobs);
  RunWorkers(options.jobs, &ended, [&](int worker) {
    if (stop) return false;
    const std::optional<ArrivedItem> arrived = take();
    if (!arrived) return false;
    const BatchItem& item = arrived->item;
    const std::optional<Error>& refused = arrived->refused;
    const Computed computed =
        refused ? Computed{work.format_failure(item, *refused), refused}
                : Compute(item, worker, /*alone=*/false, work);

    const std::lock_guard<std::mutex> lock(finishing);
    const std::optional<Error>& failure = computed.failure;
    results->Append(computed.line,
                    {item.identity, item.key, failure.has_value()});
    Count(failure, options, work, &counts, &ended);
    return true;
  });
  return counts;
}

std::pair<std::size_t, std::size_t> ShardOf(
    const std::vector<std::uint64_t>& sizes, int index, int count) {
  double total = 0;
  for (const std::uint64_t size : sizes) total += static_cast<double>(size) + 1;
  std::size_t begin = 0, end = 0;
  double before = 0;
  for (const std::uint64_t size : sizes) {
    // An item is in the part that its middle lies in.
    const double middle = before + (static_cast<double>(size) + 1) / 2;
    const int part = static_cast<int>(middle / total * count);
    if (part < index - 1) ++begin;
    if (part < index) ++end;
    before += static_cast<double>(size) + 1;
  }
  return {begin, end};
}

}  // namespace vsa
