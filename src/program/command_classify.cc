#include <unistd.h>

#include <filesystem>

#include "analysis/audience.h"
#include "base/file.h"
#include "model/deferred_model.h"
#include "output/result.h"
#include "program/commands.h"
#include "program/wiring.h"
#include "subtitle/sidecar.h"
#include "vsa/error.h"

namespace vsa {
namespace {

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
  CheckReplaceable(options, "result", [](const std::string& path) {
    return IsResult(ReadFile(path, ErrorKind::kSetup));
  });
}

}  // namespace

int ClassifyCommand(const Options& options) {
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

}  // namespace vsa
