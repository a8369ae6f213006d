#include "evaluation/labels.h"

#include <cmath>
#include <unordered_map>

#include "base/csv_table.h"
#include "base/parse_number.h"
#include "text/encoding.h"
#include "vsa/error.h"

namespace vsa {
namespace {

bool IsSplit(const std::string& name) {
  return name == "train" || name == "valid" || name == "test";
}

}  // namespace

std::vector<LabelledClip> ReadLabels(const std::string& path,
                                     const std::string& split, bool with_text,
                                     Scale scale) {
  const int limit = scale == Scale::kSims ? 1 : 3;
  const CsvTable table = ReadCsv(path);
  const std::size_t video_id = table.Column("video_id"),
                    clip_id = table.Column("clip_id"),
                    label = table.Column("label"), mode = table.Column("mode");
  const std::size_t text = with_text ? table.Column("text") : 0;
  std::vector<LabelledClip> clips;
  std::unordered_map<std::string, int> lines;  // by id
  for (const CsvRow& row : table.rows) {
    const auto refuse = [&](const std::string& what) {
      throw Error(ErrorKind::kUsage, table.Place(row) + ": " + what);
    };
    LabelledClip clip{row.line, row.cells[video_id], row.cells[clip_id], "", 0};
    if (clip.video_id.empty() || clip.clip_id.empty())
      refuse("has no video_id or no clip_id; expected both");
    const auto [first, is_new] = lines.emplace(clip.id(), row.line);
    if (!is_new)
      refuse("has " + clip.id() + " again; expected it once, in line " +
             std::to_string(first->second));
    const std::optional<double> value = ParseNumber(row.cells[label]);
    if (!value || std::abs(*value) > limit)
      refuse("the label is \"" + row.cells[label] +
             "\"; expected a number from -" + std::to_string(limit) + " to " +
             std::to_string(limit));
    clip.label = static_cast<float>(*value);
    if (!IsSplit(row.cells[mode]))
      refuse("the mode is \"" + row.cells[mode] +
             "\"; expected train, valid or test");
    if (with_text && !IsUtf8(row.cells[text]))
      refuse("the text is not UTF-8; expected a table in UTF-8");
    if (row.cells[mode] != split) continue;
    if (with_text) clip.text = row.cells[text];
    clips.push_back(std::move(clip));
  }
  if (clips.empty())
    throw Error(ErrorKind::kUsage, path + ": has no row of mode " + split +
                                       "; expected one at least");
  return clips;
}

}  // namespace vsa
