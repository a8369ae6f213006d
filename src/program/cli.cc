#include "program/cli.h"

#include <CLI/CLI.hpp>
#include <cmath>

#include "subtitle/formats.h"
#include "vsa/error.h"

#ifndef VSA_VERSION
#error "VSA_VERSION is defined by CMake"
#endif

namespace vsa {

const char kVersion[] = VSA_VERSION;

namespace {

void AddCommonOptions(CLI::App* app, Options* options) {
  app->add_option("--model", options->model,
                  "Folder of the model bundle (default: models/default-en)")
      ->type_name("DIR");
  app->add_option("--threads", options->threads,
                  "All threads of the run together (default: the cores this "
                  "process may use)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  app->add_option("--dtype", options->dtype,
                  "Figures the networks compute with: auto (bf16 where the CPU "
                  "computes it natively), fp32, bf16")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"auto", "fp32", "bf16"}));
  auto* level =
      app->add_option(
             "--log-level", options->log_level,
             "What goes to stderr: off, error, info or debug (default: error)")
          ->type_name("LEVEL")
          ->check(CLI::IsMember({"off", "error", "info", "debug"}));
  auto* quiet = app->add_flag_callback(
      "--quiet",
      [options] {
        options->log_level = "error";
        options->quiet = true;
      },
      "Errors alone on stderr");
  app->add_flag_callback(
         "--verbose", [options] { options->log_level = "info"; },
         "Warnings on stderr too")
      ->excludes(quiet)
      ->excludes(level);
  quiet->excludes(level);
}

// Which part of which words and pictures: options of classify and extract.
void AddItemOptions(CLI::App* command, Options* options, std::string* start,
                    std::string* end) {
  auto* none = command->add_flag("--no-subs", options->item.no_subtitles,
                                 "Look at the pictures alone");
  command
      ->add_option("--track", options->item.track,
                   "The video's text track with this number (see vsa inspect) "
                   "or language, rather than any file")
      ->type_name("N|LANG")
      ->excludes(none);
  command
      ->add_option("--encoding", options->item.encoding,
                   "Encoding of the subtitles (default: detected)")
      ->type_name("NAME");
  command
      ->add_option("--fps", options->item.sampling.fps,
                   "Frames sampled per second (default: 2)")
      ->type_name("X")
      ->check(CLI::Range(0.001, 1000.0));
  command
      ->add_option_function<std::string>(
          "--frames",
          [options](const std::string& which) {
            options->item.sampling.keyframes = which == "keyframes";
          },
          "Which frames are decoded: every (default), or keyframes alone, many "
          "times faster")
      ->type_name("WHICH")
      ->check(CLI::IsMember({"every", "keyframes"}));
  command
      ->add_option("--start", *start, "Only from here on: seconds or [h:]m:s")
      ->type_name("T");
  command->add_option("--end", *end, "Only up to here: seconds or [h:]m:s")
      ->type_name("T");
}

void AddSubs(CLI::App* command, Options* options) {
  command
      ->add_option("--subs", options->item.subtitles,
                   "Subtitles: " + SubtitleFormatNames() +
                       " (default: a file beside the video, else a text track "
                       "in it)")
      ->type_name("FILE")
      ->excludes(command->get_option("--no-subs"))
      ->excludes(command->get_option("--track"));
}

void AddExplain(CLI::App* command, Options* options) {
  command->add_flag("--explain", options->item.explain,
                    "Add to each segment what each modality, word and face did "
                    "to its verdict");
}

void AddClassify(CLI::App* app, Options* options, std::string* start,
                 std::string* end) {
  auto* classify =
      app->add_subcommand("classify", "Sentiment of one video, as JSON");
  classify->callback([options] { options->command = Command::kClassify; });
  classify->add_option("video", options->item.video, "The video")
      ->type_name("VIDEO")
      ->required();
  AddItemOptions(classify, options, start, end);
  AddSubs(classify, options);
  AddExplain(classify, options);
  classify
      ->add_option("--danmaku", options->item.danmaku,
                   "The audience's comments, Bilibili's XML (default: the .xml "
                   "file beside the video)")
      ->type_name("FILE");
  classify->add_option("--id", options->item.id, "Handed through to the result")
      ->type_name("TEXT");
  classify
      ->add_option("--output", options->output,
                   "Write the result to this file, whole or not at all")
      ->type_name("FILE");
  classify->add_flag("--force", options->force,
                     "Replace an output file that is no result");
  auto* pretty = classify->add_flag_callback(
      "--pretty", [options] { options->pretty = true; },
      "Indented JSON (default on a terminal)");
  classify
      ->add_flag_callback(
          "--compact", [options] { options->pretty = false; },
          "JSON on one line (default elsewhere)")
      ->excludes(pretty);
  classify->add_flag("--stats", options->stats,
                     "Add timings and memory to the result");
}

void AddBatch(CLI::App* app, Options* options, std::string* start,
              std::string* end, std::string* shard) {
  auto* batch = app->add_subcommand(
      "batch",
      "Sentiment of many videos, a JSON line each; goes on where an "
      "earlier run stopped");
  batch->callback([options] { options->command = Command::kBatch; });
  batch
      ->add_option("inputs", options->files,
                   "Folders, videos, patterns such as 'clips/*.mp4', manifests "
                   "(.csv, .jsonl), or - for paths on stdin")
      ->type_name("INPUT")
      ->required();
  batch
      ->add_option("--output", options->output,
                   "File of results, in the order of INPUT at the end")
      ->type_name("RESULTS.jsonl");
  batch
      ->add_option("--jobs", options->jobs,
                   "Videos at a time, at most one for each core (default: that "
                   "many)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  AddItemOptions(batch, options, start, end);
  AddExplain(batch, options);
  batch->add_flag("--dry-run", options->dry_run,
                  "Only list what would run, a JSON line each");
  batch
      ->add_option("--shard", *shard,
                   "Only the I-th of K parts of the videos, about the same "
                   "size each")
      ->type_name("I/K");
  batch->add_flag("--fail-fast", options->fail_fast,
                  "Stop at the first video that fails");
  batch->add_flag("--retry-failed", options->retry_failed,
                  "Compute again what failed in an earlier run");
  batch->add_flag("--prune", options->prune,
                  "Drop the results of videos that are not in INPUT");
  batch->add_flag("--force", options->force,
                  "Replace an output file that holds something else");
}

void AddExtract(CLI::App* app, Options* options, std::string* start,
                std::string* end) {
  auto* extract = app->add_subcommand(
      "extract", "What the model would see of videos, for training");
  extract->callback([options] { options->command = Command::kExtract; });
  extract->add_option("videos", options->files, "The videos")
      ->type_name("VIDEO")
      ->required();
  AddItemOptions(extract, options, start, end);
  AddSubs(extract, options);
  extract
      ->add_option("--output", options->output,
                   "Folder for segments.jsonl and the faces")
      ->type_name("DIR")
      ->required();
  extract->add_flag("--force", options->force,
                    "Write into a folder that holds something else");
}

void AddEvaluate(CLI::App* app, Options* options) {
  auto* evaluate = app->add_subcommand(
      "evaluate", "The metrics of MOSI and MOSEI, and a gate for CI");
  evaluate->callback([options] { options->command = Command::kEvaluate; });
  evaluate
      ->add_option("labels", options->labels,
                   "CSV with the columns video_id, clip_id, text, label, mode")
      ->type_name("LABELS.csv")
      ->required();
  evaluate
      ->add_option("--split", options->split,
                   "Rows of this mode: train, valid or test (default: test)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"train", "valid", "test"}));
  auto* videos =
      evaluate
          ->add_option("--videos", options->videos,
                       "Pictures too: DIR/<video_id>/<clip_id>.*, where there")
          ->type_name("DIR");
  evaluate
      ->add_option("--predictions", options->predictions,
                   "Score these instead of running the model: CSV (video_id, "
                   "clip_id, score[, negative, neutral, positive]) or results")
      ->type_name("FILE")
      ->excludes(videos);
  evaluate
      ->add_option("--compat", options->compat,
                   "Whose evaluation code to agree with: mmsa, mult or mag "
                   "(default: mmsa)")
      ->type_name("NAME")
      ->check(CLI::IsMember({"mmsa", "mult", "mag"}));
  evaluate
      ->add_option("--neutral", options->neutral,
                   "Neutral is |x| <= 0.5 (half) or 0 alone (sign) (default: "
                   "half)")
      ->type_name("RULE")
      ->check(CLI::IsMember({"half", "sign"}));
  evaluate
      ->add_option("--require", options->require,
                   "Exit with 4 unless it holds, as non0_acc2>=0.83; may be "
                   "repeated")
      ->type_name("EXPR")
      ->allow_extra_args(false);
  evaluate
      ->add_option("--format", options->format,
                   "table, json or markdown (default: table)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "markdown"}));
}

void AddInspect(CLI::App* app, Options* options) {
  auto* inspect = app->add_subcommand("inspect",
                                      "What vsa sees in videos, subtitle files "
                                      "and model bundles, a JSON line each");
  inspect->callback([options] { options->command = Command::kInspect; });
  inspect
      ->add_option("files", options->files,
                   "Videos, subtitle files, folders of bundles")
      ->type_name("FILE")
      ->required();
  inspect
      ->add_option("--encoding", options->item.encoding,
                   "Encoding of the subtitles (default: detected)")
      ->type_name("NAME");
}

void AddReport(CLI::App* app, Options* options) {
  auto* report = app->add_subcommand(
      "report", "Results as one HTML page to look at, without a network");
  report->callback([options] { options->command = Command::kReport; });
  report
      ->add_option("results", options->results,
                   "Results of batch or classify, one a line")
      ->type_name("RESULTS.jsonl")
      ->required();
  report->add_option("--output", options->output, "The page to write")
      ->type_name("FILE.html")
      ->required();
  report->add_flag("--thumbnails", options->thumbnails,
                   "Pictures of the strongest moments, with the faces used");
  report->add_flag("--force", options->force,
                   "Replace an output file that is no report");
}

void AddTokenize(CLI::App* app, Options* options) {
  auto* tokenize = app->add_subcommand(
      "tokenize", "Lines of text to JSON lines of tokens and ids");
  tokenize->callback([options] { options->command = Command::kTokenize; });
  tokenize
      ->add_option("file", options->text, "Text, a line each (default: stdin)")
      ->type_name("FILE");
  auto* vocab =
      tokenize
          ->add_option("--vocab", options->vocab,
                       "WordPiece vocabulary (default: the bundle's tokenizer)")
          ->type_name("FILE");
  tokenize->add_flag("--cased", options->cased, "Keep case and accents")
      ->needs(vocab);
  tokenize->add_option("--spm", options->spm, "SentencePiece model")
      ->type_name("FILE")
      ->excludes(vocab);
}

// "2/3" to 2 and 3.
void ParseShard(const std::string& text, Options* options) {
  char rest = 0;
  const bool good = text.find_first_not_of("0123456789/") == text.npos &&
                    text.size() < 12 &&
                    std::sscanf(text.c_str(), "%d/%d%c", &options->shard,
                                &options->shards, &rest) == 2 &&
                    options->shard >= 1 && options->shard <= options->shards;
  if (!good)
    throw Error(
        ErrorKind::kUsage,
        "--shard " + text + ": expected I/K with I from 1 to K, as 1/4 or 4/4");
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

ParsedCommandLine ParseCommandLine(int argc, char** argv) {
  ParsedCommandLine parsed;
  Options& options = parsed.options;
  std::string start, end, shard;

  CLI::App app("Sentiment of what is said and shown in a video.", "vsa");
  app.set_version_flag("--version", "vsa " VSA_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  AddCommonOptions(&app, &options);
  AddClassify(&app, &options, &start, &end);
  AddBatch(&app, &options, &start, &end, &shard);
  AddEvaluate(&app, &options);
  AddExtract(&app, &options, &start, &end);
  AddInspect(&app, &options);
  AddReport(&app, &options);
  AddTokenize(&app, &options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    parsed.text = app.help();
    return parsed;
  } catch (const CLI::CallForVersion&) {
    parsed.text = "vsa " VSA_VERSION "\n";
    return parsed;
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty()) {
      throw Error(
          ErrorKind::kUsage,
          unknown.front() +
              ": is no command of vsa; expected classify, batch, evaluate, "
              "extract, inspect, report or tokenize");
    }
    throw Error(ErrorKind::kUsage, OneLine(error.what()) + " (see vsa --help)");
  }

  if (options.command == Command::kBatch && options.output.empty() &&
      !options.dry_run) {
    throw Error(ErrorKind::kUsage, "--output is required (see vsa --help)");
  }
  if (!shard.empty()) ParseShard(shard, &options);
  if (options.files.size() > 1 && options.item.subtitles) {
    throw Error(ErrorKind::kUsage,
                "--subs " + *options.item.subtitles +
                    ": belongs to one video; expected one VIDEO, or subtitles "
                    "beside each");
  }
  Sampling& sampling = options.item.sampling;
  if (!start.empty()) sampling.start = ParseTime("--start", start);
  if (!end.empty()) sampling.end = ParseTime("--end", end);
  if (sampling.end && *sampling.end <= sampling.start) {
    throw Error(ErrorKind::kUsage,
                "--end " + end + ": expected a time after --start");
  }
  return parsed;
}

Time ParseTime(const std::string& option, const std::string& text) {
  // Whole numbers before each colon; seconds may have decimals.
  double seconds = 0;
  std::size_t at = 0;
  int parts = 0;
  bool good = !text.empty();
  while (good) {
    const std::size_t colon = text.find(':', at);
    const std::string part = text.substr(at, colon - at);
    const bool last = colon == std::string::npos;
    const bool digits =
        part.find_first_not_of(last ? "0123456789." : "0123456789") ==
        std::string::npos;
    char* rest = nullptr;
    const double value = std::strtod(part.c_str(), &rest);
    good = digits && !part.empty() && part.size() <= 12 && *rest == '\0' &&
           ++parts <= 3 && (parts == 1 || value < 60);
    seconds = seconds * 60 + value;
    if (last) break;
    at = colon + 1;
  }
  if (!good)
    throw Error(
        ErrorKind::kUsage,
        option + " " + text + ": expected seconds or [h:]m:s, as 90.5 or 1:30");
  return Time(std::llround(seconds * 1e6));
}

}  // namespace vsa
