// Wiring: the one place that names what is behind the seams. Parses the command
// line, runs one command, and turns errors into a line on stderr and an exit
// code.
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "backends.h"
#include "bundle.h"
#include "cli.h"
#include "cores.h"
#include "default_bundle.h"
#include "deferred_model.h"
#include "extract.h"
#include "file.h"
#include "inspect.h"
#include "report.h"
#include "report_page.h"
#include "result.h"
#include "sentencepiece_module.h"
#include "thumbnails.h"
#include "tokenize.h"
#include "vsa/analyze.h"
#include "wordpiece.h"

namespace vsa {
namespace {

constexpr int kExitFailedItem = 1;
constexpr int kExitUsage = 2;
constexpr int kExitSetup = 3;
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
  signal(SIGPIPE, SIG_IGN);
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

// Before any work, so that none is lost: `output` must be writable, no input,
// and no file of another kind.
void CheckOutput(const Options& options) {
  CheckWritable(options.output);
  for (const std::string& input :
       {options.item.video, options.item.subtitles.value_or("")}) {
    if (SameFile(options.output, input))
      throw Error(
          ErrorKind::kSetup,
          options.output + ": is an input; the output must be another file");
  }
  std::error_code error;
  if (!options.force && std::filesystem::exists(options.output, error) &&
      !IsResult(ReadFile(options.output, ErrorKind::kSetup))) {
    throw Error(
        ErrorKind::kSetup,
        options.output +
            ": exists and is no result of vsa; use --force to replace it");
  }
}

// All of an engine but the text's and the frames' way through the networks.
// `bundle` must outlive it.
Engine EngineWithoutModel(const Bundle& bundle) {
  Engine engine;
  engine.text = bundle.text;
  engine.segments = bundle.segments;
  engine.languages = bundle.languages;
  engine.open_video = Media().open_video;
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
    const ModelName name{bundle.name, bundle.version, bundle.sha256,
                         dtype == DType::kBf16 ? "bf16" : "fp32"};
    const std::string result = FormatResult(analysis, name, format);
    if (options.output.empty()) {
      WriteToStdout(result);
    } else {
      WriteFile(options.output, result);
    }
    return 0;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput &&
        error.kind() != ErrorKind::kInternal)
      throw;
    model
        .Wait();  // a model that cannot be used goes before an item that failed
    WriteToStdout(FormatFailure(options.item, error, format));
    throw;
  }
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
      if (error.kind() != ErrorKind::kInput &&
          error.kind() != ErrorKind::kInternal)
        throw;
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

void RefuseInput(const std::string& output, const std::string& input) {
  if (!input.empty() && SameFile(output, input))
    throw Error(ErrorKind::kSetup,
                output + ": is an input; the output must be another file");
}

int Report(const Options& options) {
  RefuseInput(options.output, options.results);
  CheckReportOutput(options);
  const ReportData data = ReadResults(options.results, options.output);
  for (const ReportVideo& video : data.videos)
    RefuseInput(options.output, video.file);
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
