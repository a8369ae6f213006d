// Tables: CSV as such, and as labels and predictions of vsa evaluate.
#include "base/csv_table.h"
#include "evaluation/labels.h"
#include "evaluation/predictions.h"
#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

static std::string LineOf(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells)
    line += (line.empty() ? "" : ",") + CsvCell(cell);
  return line + "\n";
}

VSA_FUZZ_TARGET(bytes) {
  Allow({ErrorKind::kUsage}, [&] {
    const CsvTable table = ParseCsv("a.csv", bytes);
    bool plain = table.header.cells.size() > 1;
    int last = table.header.line;
    for (const CsvRow& row : table.rows) {
      Require(row.cells.size() == table.header.cells.size(),
              "a row has the cells of the header");
      Require(row.line > last, "rows are in order");
      last = row.line;
    }
    // A first cell that is empty says nothing to LineOf.
    std::string written = LineOf(table.header.cells);
    for (const CsvRow& row : table.rows) {
      plain = plain && !row.cells[0].empty();
      written += LineOf(row.cells);
    }
    if (!plain || table.header.cells[0].empty()) return;
    // The comma must be what parts the header, and no mark begin the file.
    for (const std::string& cell : table.header.cells) {
      if (cell.find_first_of(";\t\xEF") != cell.npos) return;
    }
    const CsvTable again = ParseCsv("a.csv", written);
    Require(again.rows.size() == table.rows.size(), "what is written is read");
    for (std::size_t i = 0; i < table.rows.size(); ++i)
      Require(again.rows[i].cells == table.rows[i].cells,
              "cells are read as they were written");
  });
  const std::string path = FileOf("a.csv", bytes);
  std::vector<LabelledClip> clips;
  for (const Scale scale : {Scale::kMosi, Scale::kSims}) {
    Allow({ErrorKind::kUsage}, [&] {
      clips = ReadLabels(path, "test", /*with_text=*/true, scale);
      for (const LabelledClip& clip : clips)
        Require(IsUtf8(clip.text), "texts of clips are UTF-8");
    });
    Allow({ErrorKind::kUsage}, [&] {
      const Predictions read = ReadPredictions(path, clips, scale);
      Require(read.clips.size() == clips.size(),
              "there is a prediction for each clip");
    });
  }
  IsPredictions(path);
}
