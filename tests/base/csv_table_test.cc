#include "base/csv_table.h"

#include <gmock/gmock.h>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;

std::string Complaint(const std::string& bytes) {
  try {
    ParseCsv("t.csv", bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "";
}

TEST(Csv, CellsKeepSpacesCommasQuotesAndNewlines) {
  const CsvTable table =
      ParseCsv("t.csv", "a,b\n x ,\"y, \"\"z\"\"\n2\"\n,\"\"\n");
  EXPECT_THAT(table.header.cells, ElementsAre("a", "b"));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_THAT(table.rows[0].cells, ElementsAre(" x ", "y, \"z\"\n2"));
  EXPECT_THAT(table.rows[1].cells, ElementsAre("", ""));
}

TEST(Csv, RowsKnowTheirLineBehindNewlinesInCellsAndEmptyLines) {
  for (const std::string& end : std::vector<std::string>{"\n", "\r\n", "\r"}) {
    std::string bytes;
    for (const char c :
         std::string("\na,b\n\n1,2\n\"\n\n3\",\"\n4\"\n\n\n5,6\n7,8")) {
      bytes += c == '\n' ? end : std::string(1, c);
    }
    const CsvTable table = ParseCsv("t.csv", bytes);
    EXPECT_EQ(table.header.line, 2);
    ASSERT_EQ(table.rows.size(), 4u);
    EXPECT_EQ(table.rows[0].line, 4);
    EXPECT_EQ(table.rows[1].line, 5);
    EXPECT_EQ(table.rows[1].cells[0], end + end + "3");
    EXPECT_EQ(table.rows[2].line, 11);
    EXPECT_EQ(table.rows[3].line, 12);
    EXPECT_EQ(table.Place(table.rows[3]), "t.csv:12");
  }
}

TEST(Csv, AByteOrderMarkIsSkippedAndBytesThatAreNotUtf8Stay) {
  const CsvTable table = ParseCsv("t.csv", "\xEF\xBB\xBFvideo\ncaf\xE9.mp4\n");
  EXPECT_EQ(table.Find("video"), 0u);
  EXPECT_EQ(table.rows[0].cells[0], "caf\xE9.mp4");
}

TEST(Csv, AHugeCellIsACell) {
  const std::string cell(3 << 20, 'x');
  EXPECT_EQ(ParseCsv("t.csv", "a\n" + cell + "\n").rows[0].cells[0], cell);
}

TEST(Csv, ColumnsAreFoundByName) {
  const CsvTable table = ParseCsv("t.csv", "\n\na,b\n");
  EXPECT_TRUE(table.rows.empty());
  EXPECT_EQ(table.Column("b"), 1u);
  EXPECT_EQ(table.Find("c"), std::nullopt);
  try {
    table.Column("c");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "t.csv:3: has no column c; expected one, named in this line");
  }
}

TEST(Csv, TablesAreReadAsProgramsWriteThem) {
  for (const char* table :
       {"video;subs\na.mp4;s.srt\n", "video\tsubs\na.mp4\ts.srt\n",
        "Video,SUBS\r\na.mp4,s.srt\r\n", " video , subs \na.mp4,s.srt\n"}) {
    const CsvTable read = ParseCsv("t.csv", table);
    ASSERT_EQ(read.rows.size(), 1u) << table;
    EXPECT_EQ(read.rows[0].cells[read.Column("video")], "a.mp4");
    EXPECT_EQ(read.rows[0].cells[read.Column("subs")], "s.srt");
  }
  EXPECT_EQ(ParseCsv("t.csv", std::string("a\n1\n\0\0", 6)).rows.size(), 1u);
  // A comma within a cell parts nothing where the header has semicolons.
  EXPECT_EQ(ParseCsv("t.csv", "a;b\n1,5;2\n").rows[0].cells[0], "1,5");
}

TEST(Csv, FaultsNameTheLine) {
  EXPECT_EQ(Complaint(""), "t.csv: is empty; expected a table with a header");
  EXPECT_EQ(Complaint("\xEF\xBB\xBF\n\r\n"),
            "t.csv: is empty; expected a table with a header");
  const std::string quote =
      ": a quote is out of place; expected cells with quotes in them to be "
      "quoted whole, with \"\" for each";
  EXPECT_EQ(Complaint("a\nx\ny\"z\n"), "t.csv:3" + quote);
  EXPECT_EQ(Complaint("a\n\"x\"y\n"), "t.csv:2" + quote);
  EXPECT_EQ(Complaint("a\n\"x\n\ny\" \n"), "t.csv:2" + quote);
  EXPECT_EQ(Complaint("a\nx\n\"y\nz\n"),
            "t.csv:3: a quoted cell has no end; expected another quote");
  EXPECT_EQ(Complaint("a\n\""),
            "t.csv:2: a quoted cell has no end; expected another quote");
  EXPECT_EQ(Complaint(std::string("a\nb\n\0\n", 6)),
            "t.csv:3: holds a NUL byte; expected a table in UTF-8");
  EXPECT_EQ(Complaint("a,b\n1,2\n3\n"),
            "t.csv:3: has 1 cell; expected 2 as in the header");
  EXPECT_EQ(Complaint("a,b\n1,2,\n"),
            "t.csv:2: has 3 cells; expected 2 as in the header");
  EXPECT_EQ(Complaint("a,b,a\n"), "t.csv:1: names the column a twice");
}

using CsvFileTest = TemporaryFolder;

TEST_F(CsvFileTest, AFileThatCannotBeReadIsAWrongTable) {
  const std::string path = Write("t.csv", "a\n1\n");
  EXPECT_EQ(ReadCsv(path).rows[0].cells[0], "1");
  for (const std::string& bad : {folder_.string(), path + "x"}) {
    try {
      ReadCsv(bad);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(std::string(error.what()).find(bad + ": "), 0u);
    }
  }
}

}  // namespace
}  // namespace vsa
