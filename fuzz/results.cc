// Files of results: as batch goes on with them, report and evaluate read them.
#include <numeric>

#include "base/checked_json.h"
#include "batch/results_file.h"
#include "evaluation/predictions.h"
#include "fuzz/checks.h"
#include "report/report.h"

using namespace vsa;
using namespace vsa::fuzz;

static void GoOn(const std::string& path) {
  const std::string line = R"({"schema":"vsa.result/1","video":{"path":"b"}})"
                           "\n";
  ResultMark mark;
  std::size_t before = 0;
  {
    ResultsFile file(path, /*replace=*/false);
    before = file.lines().size();
    file.Append(line, mark);
    std::vector<std::size_t> order(file.lines().size());
    std::iota(order.rbegin(), order.rend(), 0);  // the new one comes first
    file.Arrange(order);
  }
  const std::vector<ResultsLine> lines = ReadResultsLines(path);
  Require(lines.size() == before + 1, "no line is lost");
  Require(Contents(path).substr(0, line.size()) == line,
          "lines are in the order that was asked for");
  Require(lines.back().offset + lines.back().size ==
              std::filesystem::file_size(path),
          "nothing but whole lines is left");
}

VSA_FUZZ_TARGET(bytes) {
  const std::string path = FileOf("r.jsonl", bytes);
  Allow({ErrorKind::kInput}, [&] {
    const ReportData data = ReadResults(path, (Folder() / "r.html").string());
    for (const ReportVideo& video : data.videos) {
      Require(ParseJson(video.row).has_value(), "a row is JSON");
      Require(video.details.empty() || ParseJson(video.details).has_value(),
              "details are JSON");
    }
    for (const Moment& moment : data.moments)
      Require(moment.video < data.videos.size(), "a moment is of a video");
  });
  Allow({ErrorKind::kUsage}, [&] {
    LabelledClip clip;
    clip.video_id = "a";
    clip.clip_id = "1";
    ReadPredictions(path, {clip}, Scale::kMosi);
  });
  IsResult(bytes);
  Allow({ErrorKind::kSetup}, [&] { GoOn(path); });
}
