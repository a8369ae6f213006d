// Tables as CSV (RFC 4180) with a header: cells by the name of their column,
// and of each row the line it starts at, for messages.
#ifndef VSA_BASE_CSV_TABLE_H_
#define VSA_BASE_CSV_TABLE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vsa {

struct CsvRow {
  int line = 0;                    // in the file, from 1
  std::vector<std::string> cells;  // as many as the header has
};

// Cells are bytes as they stand: neither trimmed nor checked to be UTF-8.
struct CsvTable {
  std::string path;
  CsvRow header;
  std::vector<CsvRow> rows;

  // The place of a column, whose name is in lower case, in the cells. The table
  // may have it in any case, with spaces around it.
  std::optional<std::size_t> Find(const std::string& column) const;
  // The same; throws Error (kUsage) if there is no such column.
  std::size_t Column(const std::string& column) const;

  // "PATH:LINE", as messages about a row start.
  std::string Place(const CsvRow& row) const {
    return path + ":" + std::to_string(row.line);
  }
};

// Lines end with LF, CR LF or CR; empty ones are skipped; a byte order mark is
// too. Cells are parted by the comma, semicolon or tab that the header has most
// of; NUL bytes at the end, as a power cut leaves them, are skipped. Throws
// Error (kUsage), "PATH[:LINE]: …", for a quote out of place, a quoted cell
// without end, NUL bytes, a row of more or fewer cells than the header, a
// column named twice, and for no header at all.
CsvTable ParseCsv(const std::string& path, const std::string& bytes);

// The same row by row, so that a large table is never in memory as a whole:
// `take` gets each row in turn, and the table without rows, which is returned.
CsvTable EachCsvRow(
    const std::string& path, const std::string& bytes,
    const std::function<void(const CsvTable& table, CsvRow row)>& take);

// A cell of a table that commas part: quoted where it must be.
std::string CsvCell(const std::string& text);

// The same of a file. Throws Error (kUsage) if it cannot be read, too.
CsvTable ReadCsv(const std::string& path);

}  // namespace vsa

#endif  // VSA_BASE_CSV_TABLE_H_
