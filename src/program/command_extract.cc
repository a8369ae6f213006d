#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "analysis/extract.h"
#include "analysis/extract_vectors.h"
#include "base/current_error.h"
#include "program/commands.h"
#include "program/item_options.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options : ItemOptions {
  std::vector<std::string> videos;
  std::string output;   // folder of crops; one of the two is empty
  std::string vectors;  // folder of vectors
  bool force = false;   // write into one that holds something else
};

void Finish(Options* options) {
  if (options->output.empty() == options->vectors.empty())
    throw Error(
        ErrorKind::kUsage,
        "--output or --vectors is required, and not both (see vsa --help)");
  for (const auto& [option, folder] :
       {std::pair("--output", options->output),
        std::pair("--vectors", options->vectors)}) {
    if (folder == "-")
      throw Error(ErrorKind::kUsage,
                  std::string(option) +
                      " -: is not written to stdout; expected a folder");
  }
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
                  "Folder for segments.jsonl and the faces, as PNG")
      ->type_name("DIR");
  app->add_option("--vectors", options->vectors,
                  "Folder for segments.jsonl and the vectors of words and "
                  "faces, as .npy, instead")
      ->type_name("DIR");
  app->add_flag("--force", options->force,
                "Write into a folder that holds something else");
  app->callback([options] { Finish(options); });
}

int Run(const CommonOptions& common, const Options& options) {
  const DType dtype = ChosenDType(common);
  const Judges judges(LoadChosenBundles(common), dtype);
  Engine engine = MakeEngine(judges);
  const std::unique_ptr<Recogniser> ears =
      AddEars(options.item.transcribe, options.speech, dtype, &engine);
  std::vector<std::string> inputs = options.videos;
  if (options.item.subtitles) inputs.push_back(*options.item.subtitles);
  const bool vectors = !options.vectors.empty();
  ExtractionFolder folder(vectors ? options.vectors : options.output,
                          vectors ? kVectors : kCrops, inputs, options.force);
  if (vectors) judges.Start();
  int exit_code = 0;
  for (const std::string& video : options.videos) {
    Item item = options.item;
    item.video = video;
    try {
      LogWarnings(vectors
                      ? AddVectors(item, engine, &folder)
                      : AddCrops(item, engine, Media().encode_png, &folder));
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
                     "What the model would see of videos, for training, or the "
                     "vectors that it makes of it",
                     AddOptions, Run);
}

}  // namespace vsa
