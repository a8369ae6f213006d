#include "batch/manifest.h"

#include <algorithm>
#include <string_view>
#include <utility>

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

// Where the columns stand in the cells of a row.
struct Columns {
  explicit Columns(const CsvTable& table)
      : video(table.Column("video")),
        subtitles(table.Find("subs")),
        id(table.Find("id")),
        date(table.Find("date")) {}

  std::size_t video;
  std::optional<std::size_t> subtitles, id, date;
};

void ReadTable(const std::string& path,
               const std::function<void(ManifestRow row)>& take) {
  std::optional<Columns> columns;
  const CsvTable whole = EachCsvRow(
      path, ReadFile(path, ErrorKind::kUsage),
      [&](const CsvTable& table, const CsvRow& row) {
        if (!columns) columns.emplace(table);
        const auto cell = [&](const std::optional<std::size_t>& column) {
          const std::string text(column ? Trim(row.cells[*column]) : "");
          return text.empty() ? std::nullopt : std::optional(text);
        };
        const std::optional<std::string> video = cell(columns->video);
        if (!video)
          Refuse(table.Place(row), "names no video; expected its path");
        take({static_cast<std::size_t>(row.line), *video,
              cell(columns->subtitles), cell(columns->id),
              cell(columns->date)});
      });
  if (!columns) columns.emplace(whole);  // none is a wrong table, too
}

void ReadJsonLines(const std::string& path,
                   const std::function<void(ManifestRow row)>& take) {
  const std::string file = ReadFile(path, ErrorKind::kUsage);
  const std::string_view bytes = WithoutByteOrderMark(file);
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
    ManifestRow row =
        ParseManifestLine(line, path + ":" + std::to_string(number));
    row.line = number;
    take(std::move(row));
  }
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

void ReadManifest(const std::string& path,
                  const std::function<void(ManifestRow row)>& take) {
  if (IsTable(path)) return ReadTable(path, take);
  if (ExtensionOf(path) == ".json")
    Refuse(path,
           "is JSON, no manifest of vsa; expected JSON lines, a file *.jsonl "
           R"(with an object as {"video": "a.mp4"} a line, or CSV)");
  ReadJsonLines(path, take);
}

}  // namespace vsa
