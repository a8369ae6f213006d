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

// The workers of a run and what they share.
class Workers {
 public:
  Workers(const std::vector<BatchItem>& items, const BatchOptions& options,
          const BatchWork& work, const std::atomic<bool>& stop, BatchPlan* plan,
          ResultsFile* results)
      : items_(items),
        options_(options),
        work_(work),
        stop_(stop),
        plan_(plan),
        results_(results) {}

  void Run(int jobs, BatchCounts* counts) {
    try {
      ThreadGroup threads([this] { fatal_ = true; });
      for (int worker = 0; worker < jobs; ++worker) {
        threads.Start([this, worker, jobs, counts] {
          UseShareOfCores(worker, jobs);
          while (const std::optional<std::size_t> index = Next())
            Finish(*index, counts);
        });
      }
      threads.Join();
    } catch (...) {
      failure_ = std::current_exception();
    }
    counts->left = plan_->to_compute.size() - next_;
  }

  // What ended the run; null if nothing did.
  const std::exception_ptr& failure() const { return failure_; }

 private:
  std::optional<std::size_t> Next() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stop_ || fatal_ || failed_fast_ || next_ == plan_->to_compute.size())
      return std::nullopt;
    return plan_->to_compute[next_++];
  }

  void Finish(std::size_t index, BatchCounts* counts) {
    const BatchItem& item = items_[index];
    std::string line;
    std::optional<Error> failure;
    try {
      line = work_.compute(item);
    } catch (...) {
      failure = CurrentError(item.item.video);
      if (!IsFailureOfItem(*failure)) throw;
    }
    // What fails where no file can be opened is no failure to be kept.
    if (failure) CheckRoomForFiles(1);
    if (failure) line = work_.format_failure(item, *failure);

    const std::lock_guard<std::mutex> lock(mutex_);
    std::optional<std::size_t>& place = plan_->line_of_item[index];
    const bool keeps_result =
        failure && place && !results_->lines()[*place].mark.failed;
    if (!keeps_result) {
      results_->Append(line, {item.identity, item.key, failure.has_value()});
      place = results_->lines().size() - 1;
    }
    if (keeps_result)
      failure = Error(failure->kind(),
                      failure->what() + std::string("; its earlier result "
                                                    "stays"));
    ++(failure ? counts->failed : counts->computed);
    failed_fast_ = failed_fast_ || (failure && options_.fail_fast);
    work_.done(failure ? &*failure : nullptr);
  }

  const std::vector<BatchItem>& items_;
  const BatchOptions& options_;
  const BatchWork& work_;
  const std::atomic<bool>& stop_;
  std::atomic<bool> fatal_{false};
  std::mutex mutex_;  // of all below, and of `counts`
  BatchPlan* plan_;
  ResultsFile* results_;
  std::size_t next_ = 0;
  bool failed_fast_ = false;
  std::exception_ptr failure_;
};

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

  Workers workers(items, options, work, stop, &plan, results);
  if (!plan.to_compute.empty()) {
    const int jobs = static_cast<int>(
        std::min<std::size_t>(options.jobs, plan.to_compute.size()));
    work.start(plan.to_compute.size(), jobs);
    workers.Run(jobs, &counts);
  }
  std::vector<std::size_t> order = std::move(plan.others);
  for (const std::optional<std::size_t>& line : plan.line_of_item) {
    if (line) order.push_back(*line);
  }
  if (workers.failure()) {
    try {
      // Of a run that did nothing no empty file is to stay.
      if (!order.empty()) results->Arrange(order);
    } catch (const Error&) {
      // What ended the run is what the user must hear of.
    }
    std::rethrow_exception(workers.failure());
  }
  results->Arrange(order);
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
