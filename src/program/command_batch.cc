#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "analysis/audience.h"
#include "analysis/bundle_choice.h"
#include "base/checked_json.h"
#include "base/cores.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/one_line.h"
#include "batch/batch.h"
#include "batch/batch_inputs.h"
#include "batch/batch_item.h"
#include "batch/item_stream.h"
#include "batch/results_file.h"
#include "batch/worker_process.h"
#include "output/result.h"
#include "program/cli.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/progress.h"
#include "program/wiring.h"
#include "text/encoding.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options : ItemOptions {
  std::vector<std::string> inputs;
  std::string output;    // file; may be empty where nothing is run
  bool force = false;    // replace an output of another kind
  int jobs = 0;          // videos at a time; 0: the cores this process may use
  bool audio = false;    // files of sound in folders, too
  bool isolate = false;  // each job is a process of its own
  bool dry_run = false;
  bool list = false;
  bool fail_fast = false;
  bool retry_failed = false;
  bool prune = false;
  std::string shard_text;     // as written
  int shard = 1, shards = 1;  // the shard-th of so many parts, from 1
};

// "2/3" to 2 and 3.
void ParseShard(Options* options) {
  const std::string& text = options->shard_text;
  char rest = 0;
  const bool good = text.find_first_not_of("0123456789/") == text.npos &&
                    text.size() < 12 &&
                    std::sscanf(text.c_str(), "%d/%d%c", &options->shard,
                                &options->shards, &rest) == 2 &&
                    options->shard >= 1 && options->shard <= options->shards;
  if (!good)
    throw Error(
        ErrorKind::kUsage,
        "--shard " + text + ": expected I/K with I from 1 to K, as 1/4 or 4/4");
}

bool GoesToStream(const std::string& output) {
  return output == "-" || IsDevice(output);
}

bool OnlyLists(const Options& options) {
  return options.dry_run || options.list;
}

// Whether items are taken from stdin as they come, and given as they are done.
bool IsStream(const Options& options) {
  return !OnlyLists(options) && GoesToStream(options.output) &&
         options.inputs == std::vector<std::string>{"-"};
}

void Finish(Options* options) {
  if (options->output.empty() && !OnlyLists(*options))
    throw Error(ErrorKind::kUsage, "--output is required (see vsa --help)");
  if (!options->shard_text.empty()) ParseShard(options);
  if (!options->shard_text.empty() && IsStream(*options))
    throw Error(ErrorKind::kUsage,
                "--shard " + options->shard_text +
                    ": has no meaning for what comes one by one; expected "
                    "another INPUT than -, or RESULTS in a file");
  FinishItemOptions(options);
}

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("inputs", options->inputs,
                  "Folders, videos, patterns such as 'clips/*.mp4', manifests "
                  "(.csv, .jsonl), or - for paths or JSON lines on stdin")
      ->type_name("INPUT")
      ->required();
  app->add_option("--output", options->output,
                  "File of results, in the order of INPUT at the end; to -, "
                  "stdout, or a pipe they go as they are done, without going "
                  "on")
      ->type_name("RESULTS.jsonl");
  app->add_option("--jobs", options->jobs,
                  "Videos at a time, at most one for each core (default: that "
                  "many)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  AddItemOptions(app, options);
  AddSpeechOptions(app, options);
  AddExplainOption(app, options);
  app->add_flag("--audio", options->audio,
                "A folder's files of sound are media, too");
  app->add_flag("--isolate", options->isolate,
                "Each job in a process of its own, so that one that crashes "
                "costs its video alone; takes the memory of a run for each");
  auto* dry_run = app->add_flag("--dry-run", options->dry_run,
                                "Only list what would run, a JSON line each");
  app->add_flag("--list", options->list,
                "Only list all videos as a manifest of JSON lines, with the "
                "item and key of their results; opens none")
      ->excludes(dry_run);
  app->add_option("--shard", options->shard_text,
                  "Only the I-th of K parts of the videos, about the same "
                  "size each")
      ->type_name("I/K");
  app->add_flag("--fail-fast", options->fail_fast,
                "Stop at the first video that fails");
  app->add_flag("--retry-failed", options->retry_failed,
                "Compute again what failed in an earlier run");
  app->add_flag("--prune", options->prune,
                "Drop the results of videos that are not in INPUT");
  app->add_flag("--force", options->force,
                "Replace an output file that holds something else");
  app->callback([options] { Finish(options); });
}

// Set by the first SIGINT or SIGTERM while a batch runs.
std::atomic<bool> stop_asked{false};

// From here on the first signal asks to stop, the second ends the process.
void HandleSignalsOfBatch() {
  struct sigaction action {};
  action.sa_handler = [](int) {
    if (stop_asked.exchange(true)) EndAtInterrupt(kExitInterrupted);
  };
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// Warnings of a line that another process computed.
std::vector<Warning> WarningsOf(const std::string& line) {
  std::vector<Warning> warnings;
  const std::optional<Json> result = ParseJson(line);
  if (!result) return warnings;
  for (const Json& warning : result->value("warnings", Json::array()))
    warnings.push_back(
        {warning.value("code", ""), warning.value("message", "")});
  return warnings;
}

ProgressStyle StyleOfProgress(const CommonOptions& common) {
  if (common.quiet) return ProgressStyle::kNone;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value ? value : "");
  };
  const bool plain = !isatty(STDERR_FILENO) || !variable("NO_COLOR").empty() ||
                     variable("TERM") == "dumb";
  return plain ? ProgressStyle::kLines : ProgressStyle::kTerminal;
}

bool IsVideo(const std::string& path) {
  try {
    return Media().probe_video(path).pictures;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    return false;
  }
}

// The items of the asked shard, from begin to end.
std::pair<std::size_t, std::size_t> RangeOfShard(const ItemList& items,
                                                 const Options& options) {
  if (options.shards == 1) return {0, items.size()};
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::error_code error;
    const std::uintmax_t size =
        std::filesystem::file_size(items.Video(i), error);
    sizes.push_back(error ? 0 : size);
  }
  return ShardOf(sizes, options.shard, options.shards);
}

// "1 failure …" or "2 failures …"
std::string Count(std::size_t count, const char* one, const char* several) {
  return std::to_string(count) + (count == 1 ? one : several);
}

void CheckOutput(const std::string& output, const BatchItem& item) {
  CheckIsNoInput(output, item.item.video);
  CheckIsNoInput(output, item.subtitle_path);
  CheckIsNoInput(output, DanmakuPath(item.item));
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
    spdlog::error("{}: --prune drops nothing",
                  inputs.unreadable.empty()
                      ? inputs.without_video.front() + ": holds no video"
                      : inputs.unreadable.front());
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
void DryRun(const Options& options, const BatchItems& items,
            const BatchModel& model) {
  std::vector<ResultsLine> lines;
  if (!options.output.empty() && !GoesToStream(options.output) &&
      !options.force)
    lines = ReadResultsLines(options.output);
  PlanBatch(
      items.count, items.look, lines, options.retry_failed,
      [&](const BatchItem& item) {
        WriteToStdout(FormatBatchItem(item, model, TextTracks(), HasSound));
      });
}

// Only lists all items. Gives the exit code: those that cannot be listed are
// failures.
int List(const BatchItems& items) {
  int exit_code = 0;
  for (std::size_t i = 0; i < items.count; ++i) {
    try {
      WriteToStdout(FormatListedItem(items.look(i)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      spdlog::error("{}", error.what());
      exit_code = kExitFailedItem;
    }
  }
  return exit_code;
}

ResultFormat FormatOf(const BatchItem& item) {
  ResultFormat format;
  if (!item.identity.empty()) format.mark = ResultMark{item.identity, item.key};
  return format;
}

BatchModel ModelOf(const Engine& engine) {
  BatchModel model = {kVersion,
                      {},
                      engine.judges.front().name.dtype,
                      LanguagesOf(engine.judges),
                      engine.speech ? engine.speech().sha256 : ""};
  for (const Judge& judge : engine.judges)
    model.bundles.push_back(judge.name.sha256);
  return model;
}

// Computes items in this process, or one that is to be alone in another.
class Computation {
 public:
  // `judges` and `engine`, of which `model` tells, must outlive it.
  Computation(const Judges& judges, Engine* engine, const BatchModel& model,
              bool isolate)
      : judges_(judges),
        engine_(*engine),
        isolate_(isolate),
        bundles_(model.speech_sha256) {
    for (const std::string& sha256 : model.bundles) bundles_ += sha256;
  }

  void Start(int jobs) {
    CheckRoomForFiles(kFilesOfVideo * jobs);
    engine_.workers = std::max(1, UsableCores() / jobs);
    processes_ = std::vector<WorkerProcess>(static_cast<std::size_t>(jobs));
    if (!isolate_) judges_.Start();
  }

  // The line of an item; `warnings` are those that it holds, where they are
  // logged.
  std::string Line(const BatchItem& item, int worker, bool alone,
                   std::vector<Warning>* warnings) {
    if (alone || isolate_) {
      std::string line =
          processes_[static_cast<std::size_t>(worker)].Compute(item, bundles_);
      if (spdlog::should_log(spdlog::level::info)) *warnings = WarningsOf(line);
      return line;
    }
    const Analysis analysis = Analyze(item.item, engine_);
    *warnings = analysis.warnings;
    return FormatResult(analysis, FormatOf(item));
  }

  // As a process that another one started.
  void Serve(const Item& common) const {
    judges_.Start();
    ServeItems(common, bundles_, [this](const BatchItem& item) {
      return FormatResult(Analyze(item.item, engine_), FormatOf(item));
    });
  }

 private:
  const Judges& judges_;
  Engine& engine_;
  bool isolate_;
  std::string bundles_;                   // their SHA-256
  std::vector<WorkerProcess> processes_;  // one a job, where it needs one
};

BatchWork WorkOf(Computation* computation, Progress* progress) {
  BatchWork work;
  work.start = [=](std::optional<std::size_t> count, int jobs) {
    HandleSignalsOfBatch();
    computation->Start(jobs);
    progress->Start(count);
  };
  work.compute = [=](const BatchItem& item, int worker, bool alone) {
    std::vector<Warning> warnings;
    std::string line = computation->Line(item, worker, alone, &warnings);
    progress->Around([&] { LogWarnings(warnings); });
    return line;
  };
  work.format_failure = [](const BatchItem& item, const Error& error) {
    return FormatFailure(item.item, error, FormatOf(item));
  };
  work.done = [=](const Error* error) {
    if (error) progress->Around([&] { spdlog::error("{}", error->what()); });
    progress->ItemDone(error != nullptr);
  };
  return work;
}

std::unique_ptr<ResultsFile> OpenResults(const Options& options) {
  if (options.output == "-") return std::make_unique<ResultsFile>();
  CheckWritable(options.output);
  for (const std::string& input : options.inputs)
    CheckIsNoInput(options.output, input);
  return std::make_unique<ResultsFile>(options.output, options.force);
}

BatchCounts RunStream(const Options& options, const BatchModel& model,
                      const BatchWork& work, ResultsFile* results) {
  const TextTrackReader tracks = TextTracks();
  ItemStream stream(STDIN_FILENO, options.item, model, tracks);
  const BatchCounts counts =
      StreamBatch([&](const auto& ended) { return stream.Next(ended); },
                  OptionsOfRun(options, {}), work, stop_asked, results);
  if (counts.computed + counts.failed == 0 && !stop_asked)
    throw Error(ErrorKind::kUsage,
                "stdin: holds no video; expected one at least");
  return counts;
}

// The items of the asked shard of `inputs`, which must outlive them, as must
// the other arguments.
BatchItems ItemsOfRun(const Options& options, const BatchInputs& inputs,
                      const BatchModel& model, NamesBesideVideos* names) {
  const auto [begin, end] = RangeOfShard(inputs.items, options);
  BatchItems items;
  items.count = end - begin;
  items.item = [&inputs, begin = begin](std::size_t i) {
    return inputs.items[begin + i];
  };
  items.look = [&options, &model, names, item_of = items.item](std::size_t i) {
    const Item item = item_of(i);
    BatchItem looked_at =
        MakeBatchItem(item, model, TextTracks(), &names->Of(item.video));
    if (!OnlyLists(options)) CheckOutput(options.output, looked_at);
    return looked_at;
  };
  return items;
}

int Run(const CommonOptions& common, const Options& options) {
  // What is wrong with the set-up is told before what is wrong with INPUT.
  const DType dtype = ChosenDType(common);
  const Judges judges(LoadChosenBundles(common), dtype);
  Engine engine = MakeEngine(judges);
  const std::unique_ptr<Recogniser> ears =
      AddEars(options.item.transcribe, options.speech, dtype, &engine);
  DecodeText("", options.item.encoding);  // even if no subtitles are met
  const BatchModel model = ModelOf(engine);
  Computation computation(judges, &engine, model, options.isolate);
  if (IsWorkerProcess()) {
    computation.Serve(options.item);
    return 0;
  }
  std::unique_ptr<ResultsFile> results;
  if (!OnlyLists(options)) results = OpenResults(options);
  Progress progress(StyleOfProgress(common), [](const std::string& text) {
    std::cerr << text << std::flush;
  });
  const BatchWork work = WorkOf(&computation, &progress);

  BatchCounts counts;
  int exit_code = 0;
  if (IsStream(options)) {
    counts = RunStream(options, model, work, results.get());
  } else {
    const BatchInputs inputs = ReadBatchInputs(
        options.inputs, options.item, STDIN_FILENO, {IsVideo, options.audio});
    for (const std::string& folder : inputs.unreadable)
      spdlog::error("{}", folder);
    if (!inputs.unreadable.empty()) exit_code = kExitFailedItem;
    for (const std::string& manifest : inputs.manifests) {
      if (!OnlyLists(options)) CheckIsNoInput(options.output, manifest);
    }
    NamesBesideVideos names;
    const BatchItems items = ItemsOfRun(options, inputs, model, &names);
    if (options.list) return std::max(exit_code, List(items));
    if (options.dry_run) {
      DryRun(options, items, model);
      return exit_code;
    }
    counts = RunBatch(items, OptionsOfRun(options, inputs), work, stop_asked,
                      results.get());
  }

  if (StyleOfProgress(common) != ProgressStyle::kNone) {
    progress.Around([&] {
      for (const std::string& line : Summary(counts, options.output))
        std::cerr << "vsa: " << OneLine(line) << std::endl;
    });
  }
  return counts.failed > 0 ? kExitFailedItem : exit_code;
}

// A signal to stop goes before all else that may end the run: it may have ended
// the reader of the results, too.
int RunUnlessStopped(const CommonOptions& common, const Options& options) {
  int exit_code = 0;
  try {
    exit_code = Run(common, options);
  } catch (const Error& error) {
    if (!stop_asked) throw;
    spdlog::error("{}", error.what());
  }
  return stop_asked ? kExitInterrupted : exit_code;
}

}  // namespace

Command BatchCommand() {
  return MakeCommand(
      "batch",
      "Sentiment of many videos, a JSON line each; goes on where an "
      "earlier run stopped",
      AddOptions, RunUnlessStopped);
}

}  // namespace vsa
