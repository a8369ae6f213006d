#include "base/csv_table.h"

#include <csv.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/byte_order_mark.h"
#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

[[noreturn]] void Refuse(const std::string& path, int line,
                         const std::string& what) {
  throw Error(ErrorKind::kUsage,
              path + ":" + std::to_string(line) + ": " + what);
}

// libcsv tells no lines, so it is fed line by line.
class Reader {
 public:
  Reader(const std::string& path, char delimiter) : path_(path) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0)
      throw std::bad_alloc();
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    // Its own steps of 128 bytes take a second for a cell of 2 MB.
    csv_set_blk_size(&parser_, 1 << 16);
    // Spaces belong to their cell.
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });
  }
  ~Reader() { csv_free(&parser_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Takes a line with its end; gives the rows that end with it.
  std::vector<CsvRow> Feed(std::string_view line) {
    ++line_;
    if (line.find('\0') != line.npos)
      Refuse(path_, line_, "holds a NUL byte; expected a table in UTF-8");
    const bool blank = line == "\n" || line == "\r\n" || line == "\r";
    if (!inside_) row_.line = line_;
    inside_ = inside_ || !blank;
    if (csv_parse(&parser_, line.data(), line.size(), OnCell, OnRow, this) !=
        line.size())
      Fail(
          "a quote is out of place; expected cells with quotes in them to "
          "be quoted whole, with \"\" for each");
    return std::exchange(rows_, {});
  }

  std::vector<CsvRow> Finish() {
    if (csv_fini(&parser_, OnCell, OnRow, this) != 0)
      Fail("a quoted cell has no end; expected another quote");
    return std::move(rows_);
  }

 private:
  [[noreturn]] void Fail(const std::string& what) {
    if (csv_error(&parser_) == CSV_ENOMEM) throw std::bad_alloc();
    Refuse(path_, row_.line, what);
  }

  static void OnCell(void* bytes, std::size_t size, void* self) {
    static_cast<Reader*>(self)->row_.cells.emplace_back(
        static_cast<const char*>(bytes), size);
  }

  static void OnRow(int, void* self) {
    auto* reader = static_cast<Reader*>(self);
    reader->rows_.push_back(std::exchange(reader->row_, {}));
    reader->inside_ = false;
  }

  const std::string& path_;
  csv_parser parser_{};
  std::vector<CsvRow> rows_;
  CsvRow row_;
  int line_ = 0;
  bool inside_ = false;  // a row that has begun
};

// What parts the cells of the header, which has no delimiter within a name.
char DelimiterOf(std::string_view bytes) {
  const std::string_view header = bytes.substr(
      0, std::min(bytes.find_first_of("\r\n", bytes.find_first_not_of("\r\n")),
                  bytes.size()));
  char most = ',';
  for (const char one : {';', '\t'}) {
    if (std::count(header.begin(), header.end(), one) >
        std::count(header.begin(), header.end(), most))
      most = one;
  }
  return most;
}

std::string NameOf(const std::string& cell) { return LowerAscii(Trim(cell)); }

void CheckHeader(const CsvTable& table) {
  const std::vector<std::string>& names = table.header.cells;
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (!NameOf(*name).empty() &&
        std::any_of(names.begin(), name, [&](const std::string& before) {
          return NameOf(before) == NameOf(*name);
        }))
      Refuse(table.path, table.header.line,
             "names the column " + *name + " twice");
  }
}

void CheckRow(const CsvTable& table, const CsvRow& row) {
  const std::size_t expected = table.header.cells.size();
  if (row.cells.size() != expected)
    Refuse(table.path, row.line,
           "has " + std::to_string(row.cells.size()) +
               (row.cells.size() == 1 ? " cell" : " cells") + "; expected " +
               std::to_string(expected) + " as in the header");
}

}  // namespace

std::optional<std::size_t> CsvTable::Find(const std::string& column) const {
  const auto found = std::find_if(
      header.cells.begin(), header.cells.end(),
      [&](const std::string& cell) { return NameOf(cell) == column; });
  if (found == header.cells.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.cells.begin());
}

std::size_t CsvTable::Column(const std::string& column) const {
  const std::optional<std::size_t> found = Find(column);
  if (!found)
    Refuse(path, header.line,
           "has no column " + column + "; expected one, named in this line");
  return *found;
}

CsvTable EachCsvRow(
    const std::string& path, const std::string& bytes,
    const std::function<void(const CsvTable& table, CsvRow row)>& take) {
  CsvTable table;
  table.path = path;
  const auto take_rows = [&](std::vector<CsvRow> rows) {
    for (CsvRow& row : rows) {
      if (table.header.cells.empty()) {
        table.header = std::move(row);
        CheckHeader(table);
      } else {
        CheckRow(table, row);
        take(table, std::move(row));
      }
    }
  };
  std::string_view rest = WithoutByteOrderMark(bytes);
  while (!rest.empty() && rest.back() == '\0') rest.remove_suffix(1);
  Reader reader(path, DelimiterOf(rest));
  while (!rest.empty()) {
    std::size_t end = rest.find_first_of("\r\n");
    end = end == rest.npos ? rest.size() : end + 1;
    if (rest[end - 1] == '\r' && end < rest.size() && rest[end] == '\n') ++end;
    take_rows(reader.Feed(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  take_rows(reader.Finish());
  if (table.header.cells.empty())
    throw Error(ErrorKind::kUsage,
                path + ": is empty; expected a table with a header");
  return table;
}

CsvTable ParseCsv(const std::string& path, const std::string& bytes) {
  std::vector<CsvRow> rows;
  CsvTable table = EachCsvRow(path, bytes, [&](const CsvTable&, CsvRow row) {
    rows.push_back(std::move(row));
  });
  table.rows = std::move(rows);
  return table;
}

std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? "\"\"" : std::string(1, c);
  return cell + "\"";
}

CsvTable ReadCsv(const std::string& path) {
  return ParseCsv(path, ReadFile(path, ErrorKind::kUsage));
}

}  // namespace vsa
