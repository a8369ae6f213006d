#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "output/inspect.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string encoding;  // of subtitles; empty: detected
  std::string language;  // of the words; empty: the model's
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("files", options->files,
                  "Videos, subtitles, danmaku, folders of bundles")
      ->type_name("FILE")
      ->required();
  app->add_option("--encoding", options->encoding,
                  "Encoding of the subtitles (default: detected)")
      ->type_name("NAME");
  AddLanguageOption(app, &options->language);
}

int Run(const CommonOptions& common, const Options& options) {
  Inspector inspector;
  inspector.encoding = options.encoding;
  inspector.language = options.language;
  inspector.probe_video = [](const std::string& path) {
    return Media().probe_video(path);
  };
  inspector.tracks = TextTracks();
  inspector.list_sound = [](const std::string& path) {
    return Media().list_sound_tracks(path);
  };
  inspector.check_bundle = [](const Bundle& bundle) {
    LoadTokenizer(bundle);
    LazyModel(bundle, DType::kFp32, [] { return Torch(); }).Check();
    MakeCropper(bundle);
  };
  inspector.check_speech_bundle = [](const SpeechBundle& bundle) {
    Recogniser(bundle.folder, DType::kFp32).Check();
  };
  try {
    for (const Bundle& bundle : LoadChosenBundles(common))
      inspector.bundles.push_back(bundle.languages);
  } catch (const Error&) {
    if (NamesBundle(common)) throw;
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

}  // namespace

Command InspectCommand() {
  return MakeCommand("inspect",
                     "What vsa sees in videos, subtitles, danmaku "
                     "and bundles, a JSON line each",
                     AddOptions, Run);
}

}  // namespace vsa
