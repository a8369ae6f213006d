#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "analysis/bundle_choice.h"
#include "base/cores.h"
#include "evaluation/evaluation.h"
#include "evaluation/labels.h"
#include "evaluation/predict_clips.h"
#include "evaluation/predictions.h"
#include "evaluation/requirement.h"
#include "program/commands.h"
#include "program/wiring.h"

namespace vsa {
namespace {

struct Options {
  std::string labels;  // path of the table
  std::string split = "test";
  std::string videos;       // folder; empty: words alone
  std::string predictions;  // file; empty: the model runs
  std::string compat = "mmsa";
  std::string neutral = "half";
  std::string scale = "mosi";
  std::vector<std::string> require;
  std::string format = "table";
  std::string save;    // file; empty: none
  bool force = false;  // replace a saved file of another kind

  Scale ChosenScale() const {
    return scale == "sims" ? Scale::kSims : Scale::kMosi;
  }
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("labels", options->labels,
                  "CSV with the columns video_id, clip_id, text, label, mode")
      ->type_name("LABELS.csv")
      ->required();
  app->add_option("--split", options->split,
                  "Rows of this mode: train, valid or test (default: test)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"train", "valid", "test"}));
  auto* videos =
      app->add_option("--videos", options->videos,
                      "Pictures too: DIR/<video_id>/<clip_id>.*, where there")
          ->type_name("DIR");
  app->add_option("--predictions", options->predictions,
                  "Score these instead of running the model: CSV (video_id, "
                  "clip_id, score[, negative, neutral, positive]) or results")
      ->type_name("FILE")
      ->excludes(videos);
  auto* compat =
      app->add_option("--compat", options->compat,
                      "Whose evaluation code to agree with: mmsa, mult or mag "
                      "(default: mmsa)")
          ->type_name("NAME")
          ->check(CLI::IsMember({"mmsa", "mult", "mag"}));
  auto* neutral =
      app->add_option("--neutral", options->neutral,
                      "Neutral is |x| <= 0.5 (half) or 0 alone (sign) "
                      "(default: half)")
          ->type_name("RULE")
          ->check(CLI::IsMember({"half", "sign"}));
  app->add_option("--scale", options->scale,
                  "Labels from -3 to 3 (mosi), or from -1 to 1 with the "
                  "metrics of CH-SIMS (sims) (default: mosi)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"mosi", "sims"}));
  app->add_option("--save", options->save,
                  "Write what was predicted, as --predictions reads it; with "
                  "- to stdout, instead of the figures")
      ->type_name("FILE.csv");
  app->add_flag("--force", options->force,
                "Replace a file of --save that is no file of predictions");
  app->add_option("--require", options->require,
                  "Exit with 4 unless it holds, as non0_acc2>=0.83; may be "
                  "repeated")
      ->type_name("EXPR")
      ->allow_extra_args(false);
  app->add_option("--format", options->format,
                  "table, json or markdown (default: table)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "markdown"}));
  app->callback([options, compat, neutral] {
    if (options->ChosenScale() == Scale::kSims && (*compat || *neutral))
      throw CLI::ValidationError(
          "--scale sims: has rules of its own; expected neither --compat nor "
          "--neutral");
  });
}

// The bundle for the language of all words of a table together: clips by
// different models are not one measurement.
Bundle ChosenForTable(const CommonOptions& common, const Options& options,
                      const std::vector<LabelledClip>& clips) {
  std::vector<Bundle> bundles = LoadChosenBundles(common);
  BundleLanguages languages;
  for (const Bundle& bundle : bundles) languages.push_back(bundle.languages);
  SubtitleSource words;
  words.name = options.labels;
  for (const LabelledClip& clip : clips)
    words.cues.push_back({Time(0), Time(0), clip.text});
  std::vector<Warning> warnings;
  const std::size_t place = ChooseBundle("", words, languages, &warnings);
  LogWarnings(warnings);
  return std::move(bundles[place]);
}

// The clips of a table through the model.
Predictions RunClips(const CommonOptions& common, const Options& options,
                     const std::vector<LabelledClip>& clips, ClipRun* run) {
  const Judges judges({ChosenForTable(common, options, clips)},
                      ChosenDType(common));
  judges.Start();
  Engine engine;
  if (!options.videos.empty()) engine = MakeEngine(judges);
  engine.judges = judges.all();
  *run = PredictClips(clips, options.videos, engine, UsableCores());
  for (ClipPrediction& clip : run->clips)
    clip.score = ScoreOf(clip.score, options.ChosenScale());
  return {run->clips, engine.judges.front().name};
}

MetricRules RulesOf(const Options& options) {
  if (options.ChosenScale() == Scale::kSims) return kSimsRules;
  MetricRules rules;
  rules.compat = options.compat == "mult"  ? Compat::kMult
                 : options.compat == "mag" ? Compat::kMag
                                           : Compat::kMmsa;
  rules.neutral =
      options.neutral == "sign" ? NeutralRule::kSign : NeutralRule::kHalf;
  return rules;
}

int Run(const CommonOptions& common, const Options& options) {
  const MetricRules rules = RulesOf(options);
  std::vector<Requirement> requirements;
  for (const std::string& text : options.require)
    requirements.push_back(ParseRequirement(text, rules.scale));

  const bool run_model = options.predictions.empty();
  if (!options.save.empty()) {
    CheckIsNoInput(options.save, options.labels);
    if (!run_model) CheckIsNoInput(options.save, options.predictions);
    CheckReplaceable(options.save, options.force, "file of predictions",
                     IsPredictions);
  }
  const std::vector<LabelledClip> clips = ReadLabels(
      options.labels, options.split, /*with_text=*/run_model, rules.scale);
  // Without --force no video is replaced anyway.
  if (options.force && !options.save.empty() && !options.videos.empty()) {
    for (const LabelledClip& clip : clips) {
      for (const std::string& file : ClipFiles(clip, options.videos))
        CheckIsNoInput(options.save, file);
    }
  }
  ClipRun run;
  const Predictions predictions =
      run_model ? RunClips(common, options, clips, &run)
                : ReadPredictions(options.predictions, clips, rules.scale);
  Evaluation evaluation = Evaluate(clips, predictions.clips, rules);
  evaluation.labels = options.labels;
  evaluation.split = options.split;
  evaluation.model = predictions.model;
  if (!options.videos.empty()) evaluation.without_video = run.without_video;
  if (!options.save.empty())
    WriteOutput(options.save, FormatPredictions(clips, predictions.clips));
  if (options.save != "-")
    WriteToStdout(FormatEvaluation(evaluation, options.format));

  for (const std::string& error : run.errors) spdlog::error("{}", error);
  const std::string shortfall =
      Shortfall(evaluation.metrics, requirements, rules.compat);
  if (!shortfall.empty()) spdlog::error("{}", shortfall);
  if (!run.errors.empty()) return kExitFailedItem;
  return shortfall.empty() ? 0 : kExitNotMet;
}

}  // namespace

Command EvaluateCommand() {
  return MakeCommand(
      "evaluate", "The metrics of MOSI, MOSEI and CH-SIMS, and a gate for CI",
      AddOptions, Run);
}

}  // namespace vsa
