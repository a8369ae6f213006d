// Wiring: the one place that names what is behind the seams. Parses the command
// line, runs one command, and turns errors into a line on stderr and an exit
// code.
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "audience.h"
#include "backends.h"
#include "batch.h"
#include "batch_inputs.h"
#include "batch_item.h"
#include "bundle.h"
#include "cli.h"
#include "cores.h"
#include "default_bundle.h"
#include "deferred_model.h"
#include "evaluation.h"
#include "extract.h"
#include "file.h"
#include "inspect.h"
#include "labels.h"
#include "predict_clips.h"
#include "predictions.h"
#include "progress.h"
#include "report.h"
#include "report_page.h"
#include "requirement.h"
#include "result.h"
#include "results_file.h"
#include "sentencepiece_module.h"
#include "sidecar.h"
#include "thumbnails.h"
#include "tokenize.h"
#include "vsa/analyze.h"
#include "wordpiece.h"

namespace vsa {
namespace {

constexpr int kExitFailedItem = 1;
constexpr int kExitUsage = 2;
constexpr int kExitSetup = 3;
constexpr int kExitNotMet = 4;
constexpr int kExitInterrupted = 130;

int ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kSetup:
      return kExitSetup;
    default:
      return kExitFailedItem;
  }
}

void HandleSignals() {
  // A reader of our output that went away is an output that cannot be written.
  // So is one that may not grow further.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = [](int) { _exit(kExitInterrupted); };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void StartLog(const std::string& level) {
  auto log = std::make_shared<spdlog::logger>(
      "vsa", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_pattern("vsa: %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

void LogWarnings(const std::vector<Warning>& warnings) {
  for (const Warning& warning : warnings) spdlog::info("{}", warning.message);
}

std::string PathOfProgram() {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "vsa" : path.string();
}

Bundle LoadChosenBundle(const Options& options) {
  const char* from_environment = std::getenv("VSA_MODEL");
  return LoadBundle(
      !options.model.empty()
          ? options.model
          : FindDefaultBundle(from_environment ? from_environment : "",
                              PathOfProgram()));
}

DType ChosenDType(const Options& options) {
  if (options.dtype == "auto") return NativeDType();
  return options.dtype == "bf16" ? DType::kBf16 : DType::kFp32;
}

ModelName NameOf(const Bundle& bundle, DType dtype) {
  return {bundle.name, bundle.version, bundle.sha256,
          dtype == DType::kBf16 ? "bf16" : "fp32"};
}

std::unique_ptr<Tokenizer> LoadTokenizer(const std::string& path,
                                         const TextSpec& text) {
  if (text.tokenizer == "sentencepiece") return LoadSentencePiece(path);
  return ParseWordPiece(ReadFile(path, ErrorKind::kSetup), path, text);
}

void WriteToStdout(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n =
        write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      throw Error(
          ErrorKind::kSetup,
          std::string("stdout: cannot be written: ") + std::strerror(errno));
    done += static_cast<std::size_t>(n);
  }
}

void CheckIsNoInput(const std::string& output, const std::string& input) {
  if (SameFile(output, input))
    throw Error(ErrorKind::kSetup,
                output + ": is an input; the output must be another file");
}

// Before any work, so that none is lost: `output` must be writable, no input,
// and no file of another kind.
void CheckOutput(const Options& options) {
  CheckWritable(options.output);
  for (const std::string& input :
       {options.item.video, options.item.subtitles.value_or(""),
        DanmakuPath(options.item)}) {
    CheckIsNoInput(options.output, input);
  }
  for (const Sidecar& sidecar : FindSidecars(options.item.video, {}))
    CheckIsNoInput(options.output, sidecar.path);
  std::error_code error;
  if (!options.force && std::filesystem::exists(options.output, error) &&
      !IsResult(ReadFile(options.output, ErrorKind::kSetup))) {
    throw Error(
        ErrorKind::kSetup,
        options.output +
            ": exists and is no result of vsa; use --force to replace it");
  }
}

// Its library is loaded when a video is opened.
TextTrackReader TextTracks() {
  return {
      [](const std::string& path) { return Media().list_text_tracks(path); },
      [](const std::string& path, int index) {
        return Media().read_text_track(path, index);
      }};
}

// All of an engine but the text's and the frames' way through the networks.
// `bundle` must outlive it.
Engine EngineWithoutModel(const Bundle& bundle) {
  Engine engine;
  engine.text = bundle.text;
  engine.segments = bundle.segments;
  engine.languages = bundle.languages;
  engine.open_video = Media().open_video;
  engine.tracks = TextTracks();
  engine.make_cropper = [&bundle] {
    return Media().make_cropper(bundle.frames, bundle.detector);
  };
  return engine;
}

int Classify(const Options& options) {
  if (!options.output.empty()) CheckOutput(options);
  const Bundle bundle = LoadChosenBundle(options);
  const DType dtype = ChosenDType(options);
  Media();  // before libtorch, which takes longer: decoding starts meanwhile
  const DeferredModel model([&] { return Torch().load_model(bundle, dtype); });
  const std::unique_ptr<Tokenizer> tokenizer =
      LoadTokenizer(bundle.vocabulary, bundle.text);

  Engine engine = EngineWithoutModel(bundle);
  engine.tokenizer = tokenizer.get();
  engine.model = &model;

  ResultFormat format;
  format.pretty =
      options.pretty.value_or(options.output.empty() && isatty(STDOUT_FILENO));
  format.stats = options.stats;
  try {
    const Analysis analysis = Analyze(options.item, engine);
    LogWarnings(analysis.warnings);
    const std::string result =
        FormatResult(analysis, NameOf(bundle, dtype), format);
    if (options.output.empty()) {
      WriteToStdout(result);
    } else {
      WriteFile(options.output, result);
    }
    return 0;
  } catch (const Error& error) {
    if (!IsFailureOfItem(error)) throw;
    model
        .Wait();  // a model that cannot be used goes before an item that failed
    WriteToStdout(FormatFailure(options.item, error, format));
    throw;
  }
}

// The clips of a table through the model.
Predictions RunClips(const Options& options,
                     const std::vector<LabelledClip>& clips, ClipRun* run) {
  const Bundle bundle = LoadChosenBundle(options);
  const DType dtype = ChosenDType(options);
  Engine engine =
      options.videos.empty() ? Engine{} : EngineWithoutModel(bundle);
  const DeferredModel model([&] { return Torch().load_model(bundle, dtype); });
  const std::unique_ptr<Tokenizer> tokenizer =
      LoadTokenizer(bundle.vocabulary, bundle.text);
  engine.text = bundle.text;
  engine.tokenizer = tokenizer.get();
  engine.model = &model;
  *run = PredictClips(clips, options.videos, engine, UsableCores());
  return {run->clips, NameOf(bundle, dtype)};
}

int EvaluateClips(const Options& options) {
  MetricRules rules;
  rules.compat = options.compat == "mult"  ? Compat::kMult
                 : options.compat == "mag" ? Compat::kMag
                                           : Compat::kMmsa;
  rules.neutral =
      options.neutral == "sign" ? NeutralRule::kSign : NeutralRule::kHalf;
  std::vector<Requirement> requirements;
  for (const std::string& text : options.require)
    requirements.push_back(ParseRequirement(text));

  const bool run_model = options.predictions.empty();
  const std::vector<LabelledClip> clips =
      ReadLabels(options.labels, options.split, /*with_text=*/run_model);
  ClipRun run;
  const Predictions predictions =
      run_model ? RunClips(options, clips, &run)
                : ReadPredictions(options.predictions, clips);
  Evaluation evaluation = Evaluate(clips, predictions.clips, rules);
  evaluation.labels = options.labels;
  evaluation.split = options.split;
  evaluation.model = predictions.model;
  if (!options.videos.empty()) evaluation.without_video = run.without_video;
  WriteToStdout(FormatEvaluation(evaluation, options.format));

  for (const std::string& error : run.errors) spdlog::error("{}", error);
  const std::string shortfall =
      Shortfall(evaluation.metrics, requirements, rules.compat);
  if (!shortfall.empty()) spdlog::error("{}", shortfall);
  if (!run.errors.empty()) return kExitFailedItem;
  return shortfall.empty() ? 0 : kExitNotMet;
}

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

bool HoldsPictures(const std::string& path) {
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

int Batch(const Options& options) {
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
      ReadBatchInputs(options.files, options.item, std::cin, HoldsPictures);
  const BatchModel batch_model = {kVersion, bundle.sha256, name.dtype,
                                  bundle.languages};
  const std::vector<BatchItem> items =
      MakeBatchItems(ItemsOfShard(inputs.items, options), batch_model);
  for (const std::string& folder : inputs.unreadable)
    spdlog::error("{}", folder);
  int exit_code = inputs.unreadable.empty() ? 0 : kExitFailedItem;
  if (options.dry_run)
    return std::max(exit_code, DryRun(options, items, batch_model));
  for (const std::string& manifest : inputs.manifests)
    CheckIsNoInput(options.output, manifest);
  for (const BatchItem& item : items) {
    CheckIsNoInput(options.output, item.item.video);
    CheckIsNoInput(options.output, item.subtitle_path);
    CheckIsNoInput(options.output, DanmakuPath(item.item));
  }

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

  Progress progress(StyleOfProgress(options), [](const std::string& text) {
    std::cerr << text << std::flush;
  });
  const auto note = [&](const std::string& text) {
    if (StyleOfProgress(options) != ProgressStyle::kNone)
      std::cerr << "vsa: " << text << std::endl;
  };

  std::unique_ptr<Tokenizer> tokenizer;
  std::unique_ptr<Model> model;
  Engine engine = EngineWithoutModel(bundle);
  const auto format_of = [](const BatchItem& item) {
    ResultFormat format;
    format.mark = ResultMark{item.identity, item.key};
    return format;
  };
  BatchWork work;
  work.start = [&](std::size_t count) {
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
  const BatchCounts counts =
      RunBatch(items, batch, work, stop_asked, &*results);

  progress.Around([&] {
    if (counts.kept_failures > 0)
      note(options.output + ": " +
           Count(counts.kept_failures, " failure", " failures") +
           " of an earlier run kept; --retry-failed computes again");
    if (counts.others > 0)
      note(options.output + ": " + Count(counts.others, " line", " lines") +
           " of what is not in INPUT kept, first; --prune drops");
    note(std::to_string(counts.computed) + " computed, " +
         std::to_string(counts.kept) + " kept, " +
         std::to_string(counts.failed) + " failed" +
         (counts.left > 0 ? ", " + std::to_string(counts.left) + " left" : ""));
  });
  if (stop_asked) return kExitInterrupted;
  return counts.failed > 0 ? kExitFailedItem : exit_code;
}

int Extract(const Options& options) {
  const Bundle bundle = LoadChosenBundle(options);
  const Engine engine = EngineWithoutModel(bundle);
  std::vector<std::string> inputs = options.files;
  if (options.item.subtitles) inputs.push_back(*options.item.subtitles);
  ExtractionFolder folder(options.output, inputs, options.force,
                          Media().encode_png);
  int exit_code = 0;
  for (const std::string& video : options.files) {
    Item item = options.item;
    item.video = video;
    try {
      LogWarnings(folder.Add(item, engine));
    } catch (const Error& error) {
      if (!IsFailureOfItem(error)) throw;
      folder.AddFailure(item, error);
      spdlog::error("{}", error.what());
      exit_code = kExitFailedItem;
    }
  }
  return exit_code;
}

int Inspect(const Options& options) {
  Inspector inspector;
  inspector.encoding = options.item.encoding;
  inspector.probe_video = [](const std::string& path) {
    return Media().probe_video(path);
  };
  inspector.tracks = TextTracks();
  inspector.check_bundle = [](const Bundle& bundle) {
    LoadTokenizer(bundle.vocabulary, bundle.text);
    Torch().load_model(bundle, DType::kFp32);
    if (bundle.frames.faces)
      Media().make_cropper(bundle.frames, bundle.detector);
  };
  try {
    inspector.languages = LoadChosenBundle(options).languages;
  } catch (const Error&) {
    // Without a bundle every sidecar's language is as good as another.
  }
  int exit_code = 0;
  for (const std::string& file : options.files) {
    const Inspection inspection = InspectFile(file, inspector);
    WriteToStdout(inspection.json);
    if (!inspection.error.empty()) {
      spdlog::error("{}", inspection.error);
      exit_code = kExitFailedItem;
    }
  }
  return exit_code;
}

// Pictures of the moments whose videos can be read. Faces are looked for only
// where the result was made with the same bundle: else they would be others
// than those that were used.
std::vector<Thumbnail> Thumbnails(const ReportData& data,
                                  const Bundle& bundle) {
  ThumbnailTools tools;
  tools.open_video = Media().open_video;
  tools.encode = Media().encode_small_jpeg;
  ThumbnailTools with_faces = tools;
  if (bundle.frames.faces)
    with_faces.crop = Media().make_cropper(bundle.frames, bundle.detector);
  std::vector<Thumbnail> thumbnails;
  for (const Moment& moment : data.moments) {
    const ReportVideo& video = data.videos[moment.video];
    if (video.file.empty()) continue;
    try {
      thumbnails.push_back(
          MakeThumbnail(video.file, moment,
                        video.model == bundle.sha256 ? with_faces : tools));
    } catch (const Error& error) {
      spdlog::info("{}", error.what());
    }
  }
  return thumbnails;
}

void CheckReportOutput(const Options& options) {
  CheckWritable(options.output);
  std::error_code error;
  if (!options.force && std::filesystem::exists(options.output, error) &&
      !IsReport(options.output)) {
    throw Error(
        ErrorKind::kSetup,
        options.output +
            ": exists and is no report of vsa; use --force to replace it");
  }
}

int Report(const Options& options) {
  CheckIsNoInput(options.output, options.results);
  CheckReportOutput(options);
  const ReportData data = ReadResults(options.results, options.output);
  for (const ReportVideo& video : data.videos)
    CheckIsNoInput(options.output, video.file);
  for (const std::string& fault : data.faults) spdlog::error("{}", fault);
  std::vector<Thumbnail> thumbnails;
  if (options.thumbnails)
    thumbnails = Thumbnails(data, LoadChosenBundle(options));
  WriteFile(options.output, FormatReport(data, thumbnails));
  return data.faults.empty() ? 0 : kExitFailedItem;
}

int Tokenize(const Options& options) {
  std::unique_ptr<Tokenizer> tokenizer;
  if (!options.spm.empty()) {
    tokenizer = LoadSentencePiece(options.spm);
  } else if (!options.vocab.empty()) {
    TextSpec text;
    text.lower_case = !options.cased;
    tokenizer = ParseWordPiece(ReadFile(options.vocab, ErrorKind::kSetup),
                               options.vocab, text);
  } else {
    const Bundle bundle = LoadChosenBundle(options);
    tokenizer = LoadTokenizer(bundle.vocabulary, bundle.text);
  }
  const bool from_stdin = options.text == "-";
  const int input = from_stdin
                        ? STDIN_FILENO
                        : open(options.text.c_str(), O_RDONLY | O_CLOEXEC);
  if (input < 0)
    throw Error(ErrorKind::kInput,
                options.text + ": cannot be opened: " + std::strerror(errno));
  TokenizeStream(input, STDOUT_FILENO, from_stdin ? "stdin" : options.text,
                 "stdout", *tokenizer);
  return 0;
}

int Run(int argc, char** argv) {
  const ParsedCommandLine parsed = ParseCommandLine(argc, argv);
  if (parsed.text) {
    WriteToStdout(*parsed.text);
    return 0;
  }
  const Options& options = parsed.options;
  StartLog(options.log_level);
  if (options.threads > 0) LimitCores(options.threads);
  switch (options.command) {
    case Command::kClassify:
      return Classify(options);
    case Command::kBatch:
      return Batch(options);
    case Command::kEvaluate:
      return EvaluateClips(options);
    case Command::kExtract:
      return Extract(options);
    case Command::kInspect:
      return Inspect(options);
    case Command::kReport:
      return Report(options);
    case Command::kTokenize:
      return Tokenize(options);
  }
  return kExitUsage;
}

}  // namespace
}  // namespace vsa

int main(int argc, char** argv) {
  // One heap for all threads: each with its own keeps a tenth more memory than
  // is in use, and no run is slower for it.
  mallopt(M_ARENA_MAX, 1);
  vsa::HandleSignals();
  vsa::StartLog("error");
  try {
    return vsa::Run(argc, argv);
  } catch (const vsa::Error& error) {
    spdlog::error("{}", error.what());
    return vsa::ExitCodeOf(error.kind());
  } catch (const std::exception& error) {
    spdlog::error("{} (a fault of vsa)", error.what());
    return vsa::kExitFailedItem;
  }
}
