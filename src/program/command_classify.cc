#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "analysis/audience.h"
#include "base/current_error.h"
#include "base/file.h"
#include "output/result.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/wiring.h"
#include "subtitle/sidecar.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options : ItemOptions {
  std::string output = "-";    // stdout
  bool force = false;          // replace an output of another kind
  std::optional<bool> pretty;  // nullopt: when stdout is a terminal
  bool stats = false;
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("video", options->item.video, "The video, or a file of sound")
      ->type_name("VIDEO")
      ->required();
  AddItemOptions(app, options);
  AddSubsOption(app, options);
  AddSpeechOptions(app, options);
  AddExplainOption(app, options);
  app->add_option("--danmaku", options->item.danmaku,
                  "The audience's comments, of Bilibili, dandanplay, Niconico "
                  "or AcFun (default: the .xml file beside the video)")
      ->type_name("FILE");
  app->add_option("--id", options->item.id, "Handed through to the result")
      ->type_name("TEXT");
  app->add_option("--output", options->output,
                  "Write the result to this file, whole or not at all "
                  "(default: -, stdout)")
      ->type_name("FILE");
  app->add_flag("--force", options->force,
                "Replace an output file that is no result");
  auto* pretty = app->add_flag_callback(
      "--pretty", [options] { options->pretty = true; },
      "Indented JSON (default on a terminal)");
  app->add_flag_callback(
         "--compact", [options] { options->pretty = false; },
         "JSON on one line (default elsewhere)")
      ->excludes(pretty);
  app->add_flag("--stats", options->stats,
                "Add timings and memory to the result");
  app->callback([options] { FinishItemOptions(options); });
}

// Before any work, so that none is lost: `output` must be writable, no input,
// and no file of another kind.
void CheckOutput(const Options& options) {
  for (const std::string& input :
       {options.item.video, options.item.subtitles.value_or(""),
        DanmakuPath(options.item)}) {
    CheckIsNoInput(options.output, input);
  }
  for (const Sidecar& sidecar : FindSidecars(options.item.video, {}))
    CheckIsNoInput(options.output, sidecar.path);
  CheckReplaceable(options.output, options.force, "result",
                   [](const std::string& path) {
                     return IsResult(ReadFile(path, ErrorKind::kSetup));
                   });
}

int Run(const CommonOptions& common, const Options& options) {
  if (options.output != "-") CheckOutput(options);
  const DType dtype = ChosenDType(common);
  const Judges judges(LoadChosenBundles(common), dtype);
  Media();  // before libtorch, which takes longer: decoding starts meanwhile
  judges.Start();
  Engine engine = MakeEngine(judges);
  const std::unique_ptr<Recogniser> ears =
      AddEars(options.item.transcribe, options.speech, dtype, &engine);

  ResultFormat format;
  format.pretty =
      options.pretty.value_or(options.output == "-" && isatty(STDOUT_FILENO));
  format.stats = options.stats;
  try {
    const Analysis analysis = Analyze(options.item, engine);
    LogWarnings(analysis.warnings);
    WriteOutput(options.output, FormatResult(analysis, format));
    return 0;
  } catch (...) {
    const Error error = CurrentError(options.item.video);
    if (!IsFailureOfItem(error)) throw;
    WriteToStdout(FormatFailure(options.item, error, format));
    throw error;
  }
}

}  // namespace

Command ClassifyCommand() {
  return MakeCommand("classify", "Sentiment of one video, as JSON", AddOptions,
                     Run);
}

}  // namespace vsa
