#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "analysis/audience.h"
#include "base/cores.h"
#include "base/file.h"
#include "batch/batch.h"
#include "batch/batch_inputs.h"
#include "batch/batch_item.h"
#include "batch/results_file.h"
#include "output/result.h"
#include "program/commands.h"
#include "program/progress.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Set by the first SIGINT or SIGTERM while a batch runs.
std::atomic<bool> stop_asked{false};

// From here on the first signal asks to stop, the second ends the process.
void HandleSignalsOfBatch() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    if (stop_asked.exchange(true)) _exit(kExitInterrupted);
  };
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

ProgressStyle StyleOfProgress(const Options& options) {
  if (options.quiet || options.log_level == "off") return ProgressStyle::kNone;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  const bool plain = !isatty(STDERR_FILENO) || !variable("NO_COLOR").empty() ||
                     variable("TERM") == "dumb";
  return plain ? ProgressStyle::kLines : ProgressStyle::kTerminal;
}

std::optional<ResultsMark> ReadResultsMark(const std::string& line) {
  std::optional<ResultLine> read = ParseResultLine(line);
  if (!read) return std::nullopt;
  return ResultsMark{read->mark.item, read->mark.key, read->failed};
}

bool IsVideo(const std::string& path) {
  try {
    Media().probe_video(path);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    return false;
  }
}

// The items of the asked shard.
std::vector<Item> ItemsOfShard(const std::vector<Item>& items,
                               const Options& options) {
  std::vector<std::uint64_t> sizes;
  for (const Item& item : items) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(item.video, error);
    sizes.push_back(error ? 0 : size);
  }
  const auto [begin, end] = ShardOf(sizes, options.shard, options.shards);
  return {items.begin() + static_cast<std::ptrdiff_t>(begin),
          items.begin() + static_cast<std::ptrdiff_t>(end)};
}

// "1 failure …" or "2 failures …"
std::string Count(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + (count == 1 ? one : several);
}

void CheckOutput(const std::string& output, const BatchInputs& inputs,
                 const std::vector<BatchItem>& items) {
  for (const std::string& manifest : inputs.manifests)
    CheckIsNoInput(output, manifest);
  for (const BatchItem& item : items) {
    CheckIsNoInput(output, item.item.video);
    CheckIsNoInput(output, item.subtitle_path);
    CheckIsNoInput(output, DanmakuPath(item.item));
  }
}

BatchOptions OptionsOfRun(const Options& options, const BatchInputs& inputs) {
  BatchOptions batch;
  batch.jobs =
      std::min(options.jobs > 0 ? options.jobs : UsableCores(), UsableCores());
  batch.fail_fast = options.fail_fast;
  batch.retry_failed = options.retry_failed;
  batch.prune = options.prune;
  if (options.prune &&
      !(inputs.unreadable.empty() && inputs.without_video.empty())) {
    batch.prune = false;
    spdlog::error("{}: holds no video or cannot be read: --prune drops nothing",
                  inputs.without_video.empty() ? options.files.front()
                                               : inputs.without_video.front());
  }
  return batch;
}

// What a run ends with on stderr.
std::vector<std::string> Summary(const BatchCounts& counts,
                                 const std::string& output) {
  std::vector<std::string> lines;
  if (counts.kept_failures > 0)
    lines.push_back(output + ": " +
                    Count(counts.kept_failures, " failure", " failures") +
                    " of an earlier run kept; --retry-failed computes again");
  if (counts.others > 0)
    lines.push_back(output + ": " + Count(counts.others, " line", " lines") +
                    " of what is not in INPUT kept, first; --prune drops");
  lines.push_back(
      std::to_string(counts.computed) + " computed, " +
      std::to_string(counts.kept) + " kept, " + std::to_string(counts.failed) +
      " failed" +
      (counts.left > 0 ? ", " + std::to_string(counts.left) + " left" : ""));
  return lines;
}

// Only lists what would run.
int DryRun(const Options& options, const std::vector<BatchItem>& items,
           const BatchModel& model) {
  std::vector<ResultsLine> lines;
  if (!options.output.empty() && !options.force)
    lines = ReadResultsLines(options.output, ReadResultsMark);
  const BatchPlan plan = PlanBatch(items, lines, options.retry_failed);
  for (const std::size_t index : plan.to_compute)
    WriteToStdout(FormatBatchItem(items[index], model, TextTracks()));
  return 0;
}

}  // namespace

int BatchCommand(const Options& options) {
  // What is wrong with the set-up is told before what is wrong with INPUT.
  const Bundle bundle = LoadChosenBundle(options);
  const DType dtype = ChosenDType(options);
  const ModelName name = NameOf(bundle, dtype);
  std::optional<ResultsFile> results;
  if (!options.dry_run) {
    CheckWritable(options.output);
    for (const std::string& input : options.files)
      CheckIsNoInput(options.output, input);
    results.emplace(options.output, options.force, ReadResultsMark);
  }

  const BatchInputs inputs =
      ReadBatchInputs(options.files, options.item, std::cin, IsVideo);
  const BatchModel batch_model = {kVersion, bundle.sha256, name.dtype,
                                  bundle.languages};
  const std::vector<BatchItem> items =
      MakeBatchItems(ItemsOfShard(inputs.items, options), batch_model);
  for (const std::string& folder : inputs.unreadable)
    spdlog::error("{}", folder);
  int exit_code = inputs.unreadable.empty() ? 0 : kExitFailedItem;
  if (options.dry_run)
    return std::max(exit_code, DryRun(options, items, batch_model));
  CheckOutput(options.output, inputs, items);

  Progress progress(StyleOfProgress(options), [](const std::string& text) {
    std::cerr << text << std::flush;
  });
  std::unique_ptr<Tokenizer> tokenizer;
  std::unique_ptr<Model> model;
  Engine engine = EngineWithoutModel(bundle);
  const auto format_of = [](const BatchItem& item) {
    ResultFormat format;
    format.mark = ResultMark{item.identity, item.key};
    return format;
  };
  BatchWork work;
  work.start = [&](std::size_t count, int jobs) {
    engine.workers = std::max(1, UsableCores() / jobs);
    tokenizer = LoadTokenizer(bundle.vocabulary, bundle.text);
    model = Torch().load_model(bundle, dtype);
    engine.tokenizer = tokenizer.get();
    engine.model = model.get();
    progress.Start(count);
  };
  work.compute = [&](const BatchItem& item) {
    const Analysis analysis = Analyze(item.item, engine);
    progress.Around([&] { LogWarnings(analysis.warnings); });
    return FormatResult(analysis, name, format_of(item));
  };
  work.format_failure = [&](const BatchItem& item, const Error& error) {
    return FormatFailure(item.item, error, format_of(item));
  };
  work.done = [&](const Error* error) {
    if (error) progress.Around([&] { spdlog::error("{}", error->what()); });
    progress.ItemDone(error != nullptr);
  };
  HandleSignalsOfBatch();
  const BatchCounts counts = RunBatch(items, OptionsOfRun(options, inputs),
                                      work, stop_asked, &*results);

  if (StyleOfProgress(options) != ProgressStyle::kNone) {
    progress.Around([&] {
      for (const std::string& line : Summary(counts, options.output))
        std::cerr << "vsa: " << line << std::endl;
    });
  }
  if (stop_asked) return kExitInterrupted;
  return counts.failed > 0 ? kExitFailedItem : exit_code;
}

}  // namespace vsa
