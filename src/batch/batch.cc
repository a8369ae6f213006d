#include "batch/batch.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "base/cores.h"
#include "base/current_error.h"
#include "base/file.h"
#include "base/thread_group.h"

namespace vsa {
namespace {

struct Computed {
  std::string line;
  std::optional<Error> failure;  // that the line tells
};

Computed Compute(const BatchItem& item, const BatchWork& work) {
  try {
    return {work.compute(item), std::nullopt};
  } catch (...) {
    const Error failure = CurrentError(item.item.video);
    if (!IsFailureOfItem(failure)) throw;
    // What fails where no file can be opened is no failure to be kept.
    CheckRoomForFiles(1);
    return {work.format_failure(item, failure), failure};
  }
}

// Runs `one` again and again on each of `jobs` threads, until it gives false or
// `ended` is true. It becomes so when one throws, which this then does, too.
void RunWorkers(int jobs, std::atomic<bool>* ended,
                const std::function<bool()>& one) {
  ThreadGroup threads([ended] { *ended = true; });
  for (int worker = 0; worker < jobs; ++worker) {
    threads.Start([&, worker] {
      UseShareOfCores(worker, jobs);
      while (!*ended && one()) {
      }
    });
  }
  threads.Join();
}

}  // namespace

BatchPlan PlanBatch(const std::vector<BatchItem>& items,
                    const std::vector<ResultsLine>& lines, bool retry_failed) {
  // Of an item's lines the last one counts: a run that was killed leaves the
  // one that it replaced.
  std::unordered_map<std::string, std::size_t> last_line;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].mark.item.empty()) last_line[lines[i].mark.item] = i;
  }
  BatchPlan plan;
  plan.line_of_item.resize(items.size());
  std::vector<bool> taken(lines.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto found = last_line.find(items[i].identity);
    if (found != last_line.end()) {
      plan.line_of_item[i] = found->second;
      taken[found->second] = true;
      const ResultMark& mark = lines[found->second].mark;
      if (mark.key == items[i].key && !(mark.failed && retry_failed)) {
        ++(mark.failed ? plan.failed : plan.kept);
        continue;
      }
    }
    plan.to_compute.push_back(i);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& item = lines[i].mark.item;
    if (!taken[i] && (item.empty() || last_line[item] == i))
      plan.others.push_back(i);
  }
  return plan;
}

BatchCounts RunBatch(const std::vector<BatchItem>& items,
                     const BatchOptions& options, const BatchWork& work,
                     const std::atomic<bool>& stop, ResultsFile* results) {
  BatchPlan plan = PlanBatch(items, results->lines(), options.retry_failed);
  if (options.prune) plan.others.clear();
  BatchCounts counts;
  counts.kept = plan.kept;
  counts.failed = counts.kept_failures = plan.failed;
  counts.others = plan.others.size();

  std::atomic<bool> ended{false};
  std::atomic<std::size_t> next{0};  // of plan.to_compute
  std::mutex mutex;                  // of all that a finished item changes
  const auto finish = [&](std::size_t index, Computed computed) {
    const std::lock_guard<std::mutex> lock(mutex);
    std::optional<Error>& failure = computed.failure;
    std::optional<std::size_t>& place = plan.line_of_item[index];
    if (failure && place && !results->lines()[*place].mark.failed) {
      failure = Error(failure->kind(),
                      failure->what() + std::string("; its earlier result "
                                                    "stays"));
    } else {
      place = results->Append(
          computed.line,
          {items[index].identity, items[index].key, failure.has_value()});
    }
    ++(failure ? counts.failed : counts.computed);
    if (failure && options.fail_fast) ended = true;
    work.done(failure ? &*failure : nullptr);
  };
  std::exception_ptr fatal;
  if (!plan.to_compute.empty()) {
    const int jobs = static_cast<int>(
        std::min<std::size_t>(options.jobs, plan.to_compute.size()));
    work.start(plan.to_compute.size(), jobs);
    try {
      RunWorkers(jobs, &ended, [&] {
        if (stop) return false;
        const std::size_t at = next++;
        if (at >= plan.to_compute.size()) return false;
        const std::size_t index = plan.to_compute[at];
        finish(index, Compute(items[index], work));
        return true;
      });
    } catch (...) {
      fatal = std::current_exception();
    }
    counts.left =
        plan.to_compute.size() - std::min(next.load(), plan.to_compute.size());
  }
  std::vector<std::size_t> order = std::move(plan.others);
  for (const std::optional<std::size_t>& line : plan.line_of_item) {
    if (line) order.push_back(*line);
  }
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
  RunWorkers(options.jobs, &ended, [&] {
    if (stop) return false;
    const std::optional<ArrivedItem> arrived = take();
    if (!arrived) return false;
    const BatchItem& item = arrived->item;
    const std::optional<Error>& refused = arrived->refused;
    const Computed computed =
        refused ? Computed{work.format_failure(item, *refused), refused}
                : Compute(item, work);

    const std::lock_guard<std::mutex> lock(finishing);
    const std::optional<Error>& failure = computed.failure;
    results->Append(computed.line,
                    {item.identity, item.key, failure.has_value()});
    ++(failure ? counts.failed : counts.computed);
    if (failure && options.fail_fast) ended = true;
    work.done(failure ? &*failure : nullptr);
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
