#include "evaluation/labels.h"

#include <gtest/gtest.h>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

class LabelsTest : public TemporaryFolder {
 protected:
  // What ReadLabels says of a table with these rows, without its path.
  std::string Complaint(
      const std::string& rows,
      const std::string& header = "video_id,clip_id,text,label,mode") const {
    const std::string path = Write("labels.csv", header + "\n" + rows);
    try {
      ReadLabels(path, "test", true, Scale::kMosi);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(std::string(error.what()).find(path), 0u);
      return std::string(error.what()).substr(path.size());
    }
    return "";
  }
};

TEST_F(LabelsTest, TakesTheRowsOfASplitByTheNamesOfColumns) {
  const std::string path =
      Write("labels.csv",
            "mode,label,other,text,clip_id,video_id\n"
            "train,1,,A,1,x\ntest,-0.5,,\" B, c\n\",2,x\ntest,3.0,,,02,x\n");
  const std::vector<LabelledClip> clips =
      ReadLabels(path, "test", true, Scale::kMosi);
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].id(), "x/2");
  EXPECT_EQ(clips[0].text, " B, c\n");
  EXPECT_EQ(clips[0].label, -0.5f);
  EXPECT_EQ(clips[0].line, 3);
  EXPECT_EQ(clips[1].id(), "x/02");
  EXPECT_EQ(clips[1].line, 5);
}

TEST_F(LabelsTest, OfChSimsGoToOne) {
  const std::string path =
      Write("labels.csv", "video_id,clip_id,label,mode\nx,1,-1.0,test\n");
  EXPECT_EQ(ReadLabels(path, "test", false, Scale::kSims)[0].label, -1);
  Write("labels.csv", "video_id,clip_id,label,mode\nx,1,1.2,test\n");
  try {
    ReadLabels(path, "test", false, Scale::kSims);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(
        error.what(),
        path + ":2: the label is \"1.2\"; expected a number from -1 to 1");
  }
}

TEST_F(LabelsTest, TextIsNeededOnlyWhereItIsUsed) {
  const std::string path =
      Write("labels.csv", "video_id,clip_id,label,mode\nx,1,0,test\n");
  EXPECT_EQ(ReadLabels(path, "test", false, Scale::kMosi).size(), 1u);
  EXPECT_THROW(ReadLabels(path, "test", true, Scale::kMosi), Error);
}

// Clips are found by their ids, which are names of files.
TEST_F(LabelsTest, IdsMayHoldAnyBytes) {
  const std::string path = Write(
      "labels.csv", "video_id,clip_id,text,label,mode\ncaf\xE9,1,A,0,test\n");
  EXPECT_EQ(ReadLabels(path, "test", true, Scale::kMosi)[0].id(), "caf\xE9/1");
}

TEST_F(LabelsTest, FaultsNameTheLineInWhateverSplit) {
  EXPECT_EQ(Complaint("", ""), ": is empty; expected a table with a header");
  EXPECT_EQ(Complaint(""), ": has no row of mode test; expected one at least");
  EXPECT_EQ(Complaint("x,1,A,0,train\n"),
            ": has no row of mode test; expected one at least");
  EXPECT_EQ(Complaint("x,1,A,0\n", "video_id,clip_id,text,label"),
            ":1: has no column mode; expected one, named in this line");
  EXPECT_EQ(Complaint("x,1,A,0,test\nx,2,A,0,tset\n"),
            ":3: the mode is \"tset\"; expected train, valid or test");
  EXPECT_EQ(Complaint("x,1,A,0,test\nx,2,A,0,train\nx,1,A,0,train\n"),
            ":4: has x/1 again; expected it once, in line 2");
  EXPECT_EQ(Complaint("x,,A,0,test\n"),
            ":2: has no video_id or no clip_id; expected both");
  EXPECT_EQ(Complaint("x,1,A,0,test\nx,2,\xCE\xD2\xBD\xF1,0,train\n"),
            ":3: the text is not UTF-8; expected a table in UTF-8");
  for (const std::string label :
       {"", "nan", "inf", "3.1", "-3.0001", "1,5", "one", " 1", "1e999"}) {
    EXPECT_EQ(
        Complaint("x,1,A,\"" + label + "\",train\n"),
        ":2: the label is \"" + label + "\"; expected a number from -3 to 3");
  }
}

}  // namespace
}  // namespace vsa
