#include <spdlog/spdlog.h>

#include "analysis/extract.h"
#include "program/commands.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {

int ExtractCommand(const Options& options) {
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

}  // namespace vsa
