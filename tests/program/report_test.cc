// `vsa report` from the outside. What the page does in a browser is tested by
// report_page_test.py.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/base/temporary_folder.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

const std::string kSample = VSA_SOURCE_DIR "/samples/sample.mp4";
const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";
const std::string kFailed =
    R"({"schema":"vsa.result/1","id":null,"video":{"path":"a.mp4"},"error":{"kind":"input","message":"a.mp4: no such file"}})"
    "\n";

class ReportProgramTest : public TemporaryFolder {
 protected:
  Outcome Report(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"report", results_, "--output",
                                          output_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunProgram(arguments);
  }
  std::string results_ = (folder_ / "r.jsonl").string();
  std::string output_ = (folder_ / "r.html").string();
};

TEST_F(ReportProgramTest, FailedLinesAreNoFailureOfTheReport) {
  Write("r.jsonl", kFailed);
  const Outcome outcome = Report();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
  EXPECT_THAT(Contents(output_), HasSubstr("a.mp4: no such file"));
}

TEST_F(ReportProgramTest, ALineThatIsNoResultIsAndTheOthersAreShown) {
  Write("r.jsonl", "notes\n" + kFailed);
  const Outcome outcome = Report();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: " + results_ +
                             ":1: is no JSON; expected a result on one line\n");
  EXPECT_THAT(Contents(output_), HasSubstr("a.mp4: no such file"));
}

TEST_F(ReportProgramTest, ResultsThatAreNoneLeaveNoPage) {
  EXPECT_EQ(Report().err,
            "vsa: " + results_ + ": no such file; expected results of vsa\n");
  Write("r.jsonl", "");
  const Outcome outcome = Report();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: " + results_ +
                             ": is empty; expected results of vsa, one a "
                             "line\n");
  EXPECT_FALSE(std::filesystem::exists(output_));
}

TEST_F(ReportProgramTest, ReplacesAReportButNothingElse) {
  Write("r.jsonl", kFailed);
  EXPECT_EQ(Report().exit_code, 0);
  EXPECT_EQ(Report().exit_code, 0);
  Write("r.html", "my page");
  const Outcome outcome = Report();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(
      outcome.err,
      "vsa: " + output_ +
          ": exists and is no report of vsa; use --force to replace it\n");
  EXPECT_EQ(Contents(output_), "my page");
  EXPECT_EQ(Report({"--force"}).exit_code, 0);
  EXPECT_THAT(Contents(output_), Not(HasSubstr("my page")));
}

TEST_F(ReportProgramTest, AnInputIsNeverReplaced) {
  Write("r.jsonl", kFailed);
  output_ = results_;
  Outcome outcome = Report({"--force"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: " + results_ +
                             ": is an input; the output must be another "
                             "file\n");
  EXPECT_EQ(Contents(results_), kFailed);
  output_ = Write("a.mp4", "a video");  // which the result names
  EXPECT_EQ(Report({"--force"}).exit_code, 3);
  EXPECT_EQ(Contents(output_), "a video");
}

TEST_F(ReportProgramTest, AnOutputThatCannotBeWrittenIsExitCode3) {
  Write("r.jsonl", kFailed);
  output_ = (folder_ / "none/r.html").string();
  EXPECT_EQ(Report().exit_code, 3);
  output_ = folder_.string();
  EXPECT_EQ(Report().exit_code, 3);
}

TEST_F(ReportProgramTest, AFolderThatWasRemovedIsAnOutputThatCannotBeWritten) {
  Write("r.jsonl", kFailed);
  const fs::path before = fs::current_path();
  fs::create_directory(folder_ / "gone");
  fs::current_path(folder_ / "gone");
  fs::remove(folder_ / "gone");
  output_ = "r.html";
  const Outcome outcome = Report();
  fs::current_path(before);
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "vsa: r.html: cannot be written: .: No such file or directory\n");
}

TEST_F(ReportProgramTest, AReportKeepsTheModeOfTheOneThatItReplaces) {
  Write("r.jsonl", kFailed);
  EXPECT_EQ(Report().exit_code, 0);
  const fs::perms mine = fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(output_, mine);
  EXPECT_EQ(Report().exit_code, 0);
  EXPECT_EQ(fs::status(output_).permissions(), mine);
}

TEST_F(ReportProgramTest, ThumbnailsHaveTheFacesThatWereUsed) {
  Write("r.jsonl", RunProgram({"classify", kSample, "--compact"}).out);
  EXPECT_EQ(Report({"--thumbnails"}).exit_code, 0);
  const std::string page = Contents(output_);
  EXPECT_THAT(page, HasSubstr("\"jpeg\":\"/9j/"));
  EXPECT_THAT(page, HasSubstr("\"faces\":[[0."));
  // With another bundle they would be others.
  EXPECT_EQ(Report({"--thumbnails", "--model", kTiny}).exit_code, 0);
  EXPECT_THAT(Contents(output_), HasSubstr("\"jpeg\":\"/9j/"));
  EXPECT_THAT(Contents(output_), Not(HasSubstr("\"faces\":[[0.")));
}

TEST_F(ReportProgramTest, ThumbnailsOfExplainedMomentsTellTheDecidingFace) {
  Write("r.jsonl", RunProgram({"classify", kSample, "--explain", "--end", "3",
                               "--compact"})
                       .out);
  // The result itself holds its faces: the bundle does not matter.
  EXPECT_EQ(Report({"--thumbnails", "--model", kTiny}).exit_code, 0);
  EXPECT_THAT(Contents(output_), ContainsRegex("\"faces\":\\[\\[0\\.[0-9.,]*"
                                               "\\]\\],\"deciding\":true"));
}

}  // namespace
}  // namespace vsa
