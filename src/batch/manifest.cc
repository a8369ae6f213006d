#include "batch/manifest.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "base/byte_order_mark.h"
#include "base/checked_json.h"
#include "base/csv_table.h"
#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

[[noreturn]] void Refuse(const std::string& place, const std::string& what) {
  throw Error(ErrorKind::kUsage, place + ": " + what);
}

// ".csv" of "LIST.CSV".
std::string ExtensionOf(const std::string& path) {
  return LowerAscii(path.substr(std::min(path.rfind('.'), path.size())));
}

bool IsTable(const std::string& path) {
  const std::string extension = ExtensionOf(path);
  return extension == ".csv" || extension == ".tsv";
}

std::vector<ManifestRow> RowsOf(const CsvTable& table) {
  const std::size_t video = table.Column("video");
  const auto cell = [&](const CsvRow& row, const char* column) {
    const std::optional<std::size_t> at = table.Find(column);
    const std::string text(at ? Trim(row.cells[*at]) : "");
    return text.empty() ? std::nullopt : std::optional(text);
  };
  std::vector<ManifestRow> rows;
  for (const CsvRow& row : table.rows) {
    const std::string path(Trim(row.cells[video]));
    if (path.empty())
      Refuse(table.Place(row), "names no video; expected its path");
    rows.push_back({static_cast<std::size_t>(row.line), path, cell(row, "subs"),
                    cell(row, "id"), cell(row, "date")});
  }
  return rows;
}

std::vector<ManifestRow> ReadJsonLines(const std::string& path) {
  const std::string file = ReadFile(path, ErrorKind::kUsage);
  const std::string_view bytes = WithoutByteOrderMark(file);
  std::vector<ManifestRow> rows;
  std::size_t number = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string line(bytes.substr(at, end - at));
    at = end + 1;
    ++number;
    // What a power cut leaves at the end of a file holds zeros.
    if (line.find_first_not_of(std::string(" \t\r\0", 4)) == line.npos)
      continue;
    rows.push_back(
        ParseManifestLine(line, path + ":" + std::to_string(number)));
    rows.back().line = number;
  }
  return rows;
}

}  // namespace

bool IsManifest(const std::string& path) {
  const std::string extension = ExtensionOf(path);
  return IsTable(path) || extension == ".json" || extension == ".jsonl" ||
         extension == ".ndjson";
}

ManifestRow ParseManifestLine(const std::string& line,
                              const std::string& place) {
  const std::optional<Json> parsed = ParseJson(line);
  const Json json = parsed.value_or(Json());
  if (!json.is_object())
    Refuse(place, R"(is no JSON object; expected one as {"video": "a.mp4"})");
  const auto text = [&](const char* key) -> std::optional<std::string> {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null() || *found == Json(""))
      return std::nullopt;
    if (!found->is_string())
      Refuse(place, std::string(key) + " is no string; expected one");
    std::string value = found->get<std::string>();
    if (value.find('\0') != value.npos)
      Refuse(place, std::string(key) + " holds a NUL byte");
    return value;
  };
  ManifestRow row;
  const std::optional<std::string> video = text("video");
  if (!video) Refuse(place, R"(names no video; expected the key "video")");
  row.video = *video;
  row.subtitles = text("subs");
  row.id = text("id");
  row.date = text("date");
  return row;
}

std::vector<ManifestRow> ReadManifest(const std::string& path) {
  if (IsTable(path)) return RowsOf(ReadCsv(path));
  if (ExtensionOf(path) == ".json")
    Refuse(path,
           "is JSON, no manifest of vsa; expected JSON lines, a file *.jsonl "
           R"(with an object as {"video": "a.mp4"} a line, or CSV)");
  return ReadJsonLines(path);
}

}  // namespace vsa
