// Running many items: order, failures, stopping, and what is in memory.
#include "batch/batch.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "analysis/analyze.h"
#include "model/bundle_fields.h"
#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Line(const BatchItem& item, const std::string& rest = "") {
  return R"({"schema":"vsa.result/1","item":")" + item.identity +
         R"(","key":")" + item.key + "\"" + rest + "}\n";
}

class BatchTest : public TemporaryFolder {
 protected:
  BatchTest() {
    work_.start = [](std::optional<std::size_t>, int) {};
    work_.compute = [](const BatchItem& item, int, bool) { return Line(item); };
    work_.format_failure = [](const BatchItem& item, const Error& error) {
      return Line(item, std::string(R"(,"error":")") + error.what() + "\"");
    };
    work_.done = [this](const Error* error) {
      if (error) errors_.push_back(error->what());
    };
  }

  static std::vector<BatchItem> Items(int count) {
    std::vector<BatchItem> items(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      items[i].item.video = "/v" + std::to_string(i);
      items[i].identity = Sha256("i" + std::to_string(i));
      items[i].key = Sha256("k" + std::to_string(i));
    }
    return items;
  }

  BatchCounts Run(const std::vector<BatchItem>& items) {
    ResultsFile results(path_, false);
    const BatchItems all = {items.size(),
                            [&](std::size_t i) { return items[i]; },
                            [&](std::size_t i) { return items[i].item; }};
    return RunBatch(all, options_, work_, stop_, &results);
  }

  std::string path_ = (folder_ / "r.jsonl").string();
  BatchOptions options_;
  BatchWork work_;
  std::atomic<bool> stop_{false};
  std::vector<std::string> errors_;
};

TEST_F(BatchTest, TheFileIsInTheOrderOfInputWhateverOrderTheyFinishIn) {
  options_.jobs = 3;
  const std::vector<BatchItem> items = Items(3);
  // The first finishes when the others have: none waits for another's place.
  std::mutex mutex;
  std::condition_variable changed;
  int finished = 0;
  work_.compute = [&](const BatchItem& item, int, bool) {
    std::unique_lock<std::mutex> lock(mutex);
    if (item.item.video == "/v0")
      changed.wait(lock, [&] { return finished == 2; });
    return Line(item);
  };
  std::string during;
  work_.done = [&](const Error*) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (++finished == 2) during = Contents(path_);
    changed.notify_all();
  };
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.computed, 3u);
  EXPECT_EQ(during.find(items[0].key), std::string::npos);
  EXPECT_NE(during.find(items[1].key), std::string::npos)
      << "finished lines are in the file at once";
  EXPECT_NE(during.find(items[2].key), std::string::npos);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]) + Line(items[2]));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

// A video that is counted while it lives.
class CountedVideo : public FakeVideo {
 public:
  CountedVideo(std::atomic<int>* alive, std::atomic<int>* most)
      : FakeVideo({Time(0)}, std::chrono::seconds(1)), alive_(alive) {
    const int now = ++*alive_;
    int before = *most;
    while (now > before && !most->compare_exchange_weak(before, now)) {
    }
  }
  ~CountedVideo() override { --*alive_; }

 private:
  std::atomic<int>* alive_;
};

TEST_F(BatchTest, OnlyAsManyItemsAsJobsAreInMemory) {
  options_.jobs = 2;
  std::atomic<int> alive{0}, most{0}, lines{0};
  FakeTokenizer tokenizer;
  FakeModel model;
  Engine engine;
  engine.judges[0].tokenizer = &tokenizer;
  engine.judges[0].model = &model;
  engine.open_video = [&](const std::string&, const Sampling&) {
    return std::make_unique<CountedVideo>(&alive, &most);
  };
  engine.judges[0].make_cropper = [] {
    return [](const Frame&) { return std::vector<Crop>(); };
  };
  // A line is written before its worker takes another item.
  std::atomic<int> most_lines{0};
  work_.compute = [&](const BatchItem& item, int, bool) {
    Analyze(item.item, engine);
    most_lines = std::max<int>(most_lines, ++lines);
    return Line(item);
  };
  work_.done = [&](const Error*) { --lines; };
  const BatchCounts counts = Run(Items(10000));
  EXPECT_EQ(counts.computed, 10000u);
  EXPECT_LE(most, 2);
  EXPECT_LE(most_lines, 2);
  EXPECT_EQ(alive, 0);
}

TEST_F(BatchTest, AFailureIsALineAndTheRunGoesOn) {
  const std::vector<BatchItem> items = Items(3);
  work_.compute = [](const BatchItem& item, int, bool) {
    if (item.item.video == "/v0")
      throw Error(ErrorKind::kInput, "/v0: is empty");
    if (item.item.video == "/v1") throw std::runtime_error("odd");
    return Line(item);
  };
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.computed, 1u);
  EXPECT_EQ(counts.failed, 2u);
  EXPECT_THAT(errors_,
              ElementsAre("/v0: is empty", "/v1: odd (a fault of vsa)"));
  EXPECT_EQ(Contents(path_),
            Line(items[0], R"(,"error":"/v0: is empty")") +
                Line(items[1], R"-(,"error":"/v1: odd (a fault of vsa)")-") +
                Line(items[2]));
}

// A line that no later run would read.
TEST_F(BatchTest, AResultThatIsTooLongIsAFailure) {
  work_.compute = [](const BatchItem& item, int, bool) {
    return Line(item,
                R"(,"text":")" +
                    std::string(item.item.video == "/v1" ? 260000000 : 0, ' ') +
                    '"');
  };
  const BatchCounts counts = Run(Items(3));
  EXPECT_EQ(counts.computed, 2);
  EXPECT_THAT(errors_,
              ElementsAre("/v1: its result has 260 MB; expected at most 256"));
  EXPECT_THAT(ReadResultsLines(path_), testing::SizeIs(3));
}

TEST_F(BatchTest, FailFastStopsAtTheFirst) {
  options_.fail_fast = true;
  work_.compute = [](const BatchItem& item, int, bool) {
    if (item.item.video == "/v1") throw Error(ErrorKind::kInput, "bad");
    return Line(item);
  };
  const BatchCounts counts = Run(Items(4));
  EXPECT_EQ(counts.computed, 1u);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_EQ(counts.left, 2u);
}

TEST_F(BatchTest, WhatIsNoFaultOfAnItemEndsTheRunAndKeepsWhatIsDone) {
  const std::vector<BatchItem> items = Items(3);
  work_.compute = [](const BatchItem& item, int, bool) {
    if (item.item.video == "/v1")
      throw Error(ErrorKind::kSetup, "model: broken");
    return Line(item);
  };
  EXPECT_THROW(Run(items), Error);
  EXPECT_EQ(Contents(path_), Line(items[0]));
}

TEST_F(BatchTest, WhatFailsWhereNoFileCanBeOpenedIsNoFailureOfAnItem) {
  const std::vector<BatchItem> items = Items(3);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  work_.compute = [&](const BatchItem& item, int, bool) {
    if (item.item.video == "/v0") return Line(item);
    const rlimit none{0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    throw Error(ErrorKind::kInput, "cannot be read");
  };
  std::string message;
  try {
    Run(items);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    message = error.what();
  }
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_THAT(message, testing::StartsWith("files cannot be opened: Too many"));
  EXPECT_EQ(Contents(path_), Line(items[0]));
}

TEST_F(BatchTest, AskedToStopItFinishesWhatRuns) {
  work_.compute = [&](const BatchItem& item, int, bool) {
    if (item.item.video == "/v1") stop_ = true;
    return Line(item);
  };
  const std::vector<BatchItem> items = Items(3);
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.computed, 2u);
  EXPECT_EQ(counts.left, 1u);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]));
}

TEST_F(BatchTest, NothingToComputeNeedsNoModel) {
  Run(Items(2));
  work_.start = [](std::optional<std::size_t>, int) {
    FAIL() << "nothing is to be computed";
  };
  const BatchCounts counts = Run(Items(2));
  EXPECT_EQ(counts.kept, 2u);
  EXPECT_EQ(counts.computed, 0u);
}

TEST_F(BatchTest, AnotherKeyReplacesTheLine) {
  std::vector<BatchItem> items = Items(3);
  Run(items);
  items[0].key = Sha256("new");
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.computed, 1u);
  EXPECT_EQ(counts.kept, 2u);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]) + Line(items[2]));
}

TEST_F(BatchTest, AFailureNeverReplacesAResult) {
  std::vector<BatchItem> items = Items(1);
  Run(items);
  const std::string before = Contents(path_);
  items[0].key = Sha256("new");
  work_.compute = [](const BatchItem&, int, bool) -> std::string {
    throw Error(ErrorKind::kInput, "/v0: no such file");
  };
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_THAT(errors_,
              ElementsAre("/v0: no such file; its earlier result stays"));
  EXPECT_EQ(Contents(path_), before);
}

TEST_F(BatchTest, FailuresAreKeptUnlessRetried) {
  const std::vector<BatchItem> items = Items(2);
  const auto compute = work_.compute;
  work_.compute = [&](const BatchItem& item, int, bool) {
    if (item.item.video == "/v0") throw Error(ErrorKind::kInput, "bad");
    return Line(item);
  };
  Run(items);
  work_.compute = [&](const BatchItem& item, int worker, bool alone) {
    EXPECT_TRUE(alone) << "or what ended a process would end this one";
    return compute(item, worker, alone);
  };
  BatchCounts counts = Run(items);
  EXPECT_EQ(counts.kept, 1u);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_EQ(counts.kept_failures, 1u);
  options_.retry_failed = true;
  counts = Run(items);
  EXPECT_EQ(counts.computed, 1u);
  EXPECT_EQ(counts.failed, 0u);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]));
}

TEST_F(BatchTest, OtherLinesAreKeptFirstUntilPruned) {
  const std::string foreign = R"({"schema":"vsa.result/1","id":null})";
  Write("r.jsonl", foreign + "\n");
  std::vector<BatchItem> items = Items(3);
  Run(items);
  items.erase(items.begin() + 1);
  BatchCounts counts = Run(items);
  EXPECT_EQ(counts.others, 2u);
  EXPECT_EQ(Contents(path_), foreign + "\n" + Line(Items(3)[1]) +
                                 Line(items[0]) + Line(items[1]));
  options_.prune = true;
  counts = Run(items);
  EXPECT_EQ(counts.others, 0u);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]));
}

// As a run that was killed leaves them: the old line, the new one, and half of
// a third.
TEST_F(BatchTest, OfAnItemsLinesTheLastCounts) {
  std::vector<BatchItem> items = Items(2);
  std::vector<BatchItem> old = items;
  old[0].key = Sha256("old");
  Write("r.jsonl",
        Line(old[0]) + Line(items[0]) + Line(items[1]).substr(0, 40));
  const BatchCounts counts = Run(items);
  EXPECT_EQ(counts.kept, 1u);
  EXPECT_EQ(counts.computed, 1u);
  EXPECT_EQ(counts.others, 0u);
  EXPECT_EQ(Contents(path_), Line(items[0]) + Line(items[1]));
}

TEST(Shards, OneAfterTheOtherAreTheWholeAndBalanced) {
  const std::vector<std::uint64_t> sizes = {100, 1, 1,  1, 97, 50, 50,
                                            0,   0, 99, 1, 60, 40};
  std::size_t next = 0;
  for (int i = 1; i <= 5; ++i) {
    const auto [begin, end] = ShardOf(sizes, i, 5);
    EXPECT_EQ(begin, next);
    next = end;
    double sum = 0;
    for (std::size_t j = begin; j < end; ++j)
      sum += static_cast<double>(sizes[j]);
    EXPECT_NEAR(sum, 100, 1) << "part " << i;
  }
  EXPECT_EQ(next, sizes.size());
}

TEST(Shards, MorePartsThanItemsLeavesSomeEmpty) {
  std::size_t items = 0;
  for (int i = 1; i <= 7; ++i) {
    const auto [begin, end] = ShardOf({5, 5}, i, 7);
    EXPECT_EQ(begin, items);
    items = end;
  }
  EXPECT_EQ(items, 2u);
  EXPECT_EQ(ShardOf({}, 1, 2), (std::pair<std::size_t, std::size_t>(0, 0)));
}

}  // namespace
}  // namespace vsa
