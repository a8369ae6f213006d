#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "analysis/extract.h"
#include "base/ascii.h"
#include "base/current_error.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options : ItemOptions {
  std::vector<std::string> videos;
  std::string output;  // folder
  bool force = false;  // write into one that holds something else
};

void Finish(Options* options) {
  if (options->videos.size() > 1 && options->item.subtitles) {
    throw Error(ErrorKind::kUsage,
                "--subs " + *options->item.subtitles +
                    ": belongs to one video; expected one VIDEO, or subtitles "
                    "beside each");
  }
  FinishItemOptions(options);
}

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("videos", options->videos, "The videos")
      ->type_name("VIDEO")
      ->required();
  AddItemOptions(app, options);
  AddSubsOption(app, options);
  AddSpeechOptions(app, options);
  app->add_option("--output", options->output,
                  "Folder for segments.jsonl and the faces")
      ->type_name("DIR")
      ->required();
  app->add_flag("--force", options->force,
                "Write into a folder that holds something else");
  app->callback([options] { Finish(options); });
}

namespace fs = std::filesystem;

// A crop, whole or as a killed run left it: "00001500-0.png",
// "00001500-0.png.part-17".
bool IsCrop(const std::string& name) {
  const std::string crop = name.substr(0, name.find(".part-"));
  const std::size_t stem = crop.find_first_not_of("0123456789-");
  return stem != crop.npos && stem > 0 && crop.substr(stem) == ".png";
}

// The folder of faces is emptied: throws Error (kSetup) if it holds anything
// that extract does not write.
void CheckFaces(const fs::path& faces) {
  std::error_code error;
  const auto expect = [](bool own, const fs::path& path) {
    if (!own)
      throw Error(ErrorKind::kSetup,
                  path.string() +
                      ": is in the way, and not written by vsa extract; "
                      "expected another folder for --output");
  };
  const fs::file_status status = fs::symlink_status(faces, error);
  if (!fs::exists(status)) return;
  expect(fs::is_directory(status), faces);
  for (const auto& video : fs::directory_iterator(faces, error)) {
    expect(video.symlink_status(error).type() == fs::file_type::directory &&
               HasOnlyDigits(video.path().filename().string()),
           video.path());
    for (const auto& crop : fs::directory_iterator(video.path(), error))
      expect(IsCrop(crop.path().filename().string()), crop.path());
  }
}

int Run(const CommonOptions& common, const Options& options) {
  const DType dtype = ChosenDType(common);
  const Judges judges(LoadChosenBundles(common), dtype);
  Engine engine = MakeEngine(judges);
  const std::unique_ptr<Recogniser> ears =
      AddEars(options.item.transcribe, options.speech, dtype, &engine);
  std::vector<std::string> inputs = options.videos;
  if (options.item.subtitles) inputs.push_back(*options.item.subtitles);
  CheckFaces(fs::path(options.output) / "faces");
  ExtractionFolder folder(options.output, inputs, options.force,
                          Media().encode_png);
  int exit_code = 0;
  for (const std::string& video : options.videos) {
    Item item = options.item;
    item.video = video;
    try {
      LogWarnings(folder.Add(item, engine));
    } catch (...) {
      const Error error = CurrentError(video);
      if (!IsFailureOfItem(error)) throw;
      folder.AddFailure(item, error);
      spdlog::error("{}", error.what());
      exit_code = kExitFailedItem;
    }
  }
  return exit_code;
}

}  // namespace

Command ExtractCommand() {
  return MakeCommand("extract",
                     "What the model would see of videos, for training",
                     AddOptions, Run);
}

}  // namespace vsa
