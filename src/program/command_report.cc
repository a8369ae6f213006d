#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/current_error.h"
#include "base/file.h"
#include "program/commands.h"
#include "program/wiring.h"
#include "report/report.h"
#include "report/report_page.h"
#include "report/thumbnails.h"
#include "vsa/error.h"

namespace vsa {
namespace {

struct Options {
  std::string results;  // lines of JSON
  std::string output;
  bool force = false;  // replace an output of another kind
  bool thumbnails = false;
};

void AddOptions(CLI::App* app, Options* options) {
  app->add_option("results", options->results,
                  "Results of batch or classify, one a line")
      ->type_name("RESULTS.jsonl")
      ->required();
  app->add_option("--output", options->output,
                  "The page to write, or - for stdout")
      ->type_name("FILE.html")
      ->required();
  app->add_flag("--thumbnails", options->thumbnails,
                "Pictures of the strongest moments, with the faces used");
  app->add_flag("--force", options->force,
                "Replace an output file that is no report");
}

// Pictures of the moments whose videos can be read. Faces are looked for only
// where the result was made with the same bundle: else they would be others
// than those that were used.
std::vector<Thumbnail> Thumbnails(const ReportData& data,
                                  const Bundle& bundle) {
  ThumbnailTools tools;
  tools.open_video = Media().open_video;
  tools.encode = Media().encode_small_jpeg;
  ThumbnailTools with_faces = tools;
  if (bundle.frames.faces) with_faces.crop = MakeCropper(bundle);
  std::vector<Thumbnail> thumbnails;
  for (const Moment& moment : data.moments) {
    const ReportVideo& video = data.videos[moment.video];
    if (video.file.empty()) continue;
    try {
      thumbnails.push_back(
          MakeThumbnail(video.file, moment,
                        video.model == bundle.sha256 ? with_faces : tools));
    } catch (...) {
      spdlog::info("{}", CurrentError(video.file).what());
    }
  }
  return thumbnails;
}

int Run(const CommonOptions& common, const Options& options) {
  CheckIsNoInput(options.output, options.results);
  CheckReplaceable(options.output, options.force, "report", IsReport);
  const ReportData data = ReadResults(options.results, options.output);
  for (const ReportVideo& video : data.videos)
    CheckIsNoInput(options.output, video.file);
  for (const std::string& fault : data.faults) spdlog::error("{}", fault);
  std::vector<Thumbnail> thumbnails;
  if (options.thumbnails)
    thumbnails = Thumbnails(data, LoadChosenBundles(common).front());
  WriteOutput(options.output, FormatReport(data, thumbnails));
  return data.faults.empty() ? 0 : kExitFailedItem;
}

}  // namespace

Command ReportCommand() {
  return MakeCommand("report",
                     "Results as one HTML page to look at, without a network",
                     AddOptions, Run);
}

}  // namespace vsa
