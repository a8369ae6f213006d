#include <spdlog/spdlog.h>

#include "output/inspect.h"
#include "program/commands.h"
#include "program/wiring.h"
#include "vsa/error.h"

namespace vsa {

int InspectCommand(const Options& options) {
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

}  // namespace vsa
