#include <spdlog/spdlog.h>

#include "base/cores.h"
#include "evaluation/evaluation.h"
#include "evaluation/labels.h"
#include "evaluation/predict_clips.h"
#include "evaluation/predictions.h"
#include "evaluation/requirement.h"
#include "model/deferred_model.h"
#include "program/commands.h"
#include "program/wiring.h"

namespace vsa {
namespace {

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

}  // namespace

int EvaluateCommand(const Options& options) {
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

}  // namespace vsa
