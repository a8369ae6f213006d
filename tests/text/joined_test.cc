#include "text/joined.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

TEST(JoinLines, PutsASpaceWhereTheScriptHasOne) {
  EXPECT_EQ(JoinLines({"one", "two.", "Three"}), "one two. Three");
  EXPECT_EQ(JoinLines({"오늘 정말", "즐거웠어요."}), "오늘 정말 즐거웠어요.");
  EXPECT_EQ(JoinLines({"أنا سعيد", "جدا"}), "أنا سعيد جدا");
  EXPECT_EQ(JoinLines({"אני מאוד", "שמח"}), "אני מאוד שמח");
  EXPECT_EQ(JoinLines({"मैं बहुत", "खुश हूँ।"}), "मैं बहुत खुश हूँ।");
  EXPECT_EQ(JoinLines({"ｆｕｌｌ", "ｗｉｄｔｈ"}), "ｆｕｌｌ ｗｉｄｔｈ");
}

TEST(JoinLines, PutsNoneInScriptsWithout) {
  EXPECT_EQ(JoinLines({"我不知道", "他在哪里"}), "我不知道他在哪里");
  EXPECT_EQ(JoinLines({"是。", "不！", "「好」"}), "是。不！「好」");
  EXPECT_EQ(JoinLines({"楽しかった", "です"}), "楽しかったです");
  EXPECT_EQ(JoinLines({"ﾀﾉｼｲ", "ﾃﾞｽ｡", "ﾊｲ"}), "ﾀﾉｼｲﾃﾞｽ｡ﾊｲ");
  EXPECT_EQ(JoinLines({"วันนี้ฉัน", "มีความสุข"}), "วันนี้ฉันมีความสุข");
  EXPECT_EQ(JoinLines({"ខ្ញុំ", "សប្បាយ"}), "ខ្ញុំសប្បាយ");
  EXPECT_EQ(JoinLines({"𠮷野家", "𠮟る"}), "𠮷野家𠮟る");
}

// Quotes and dots are those of the words beside them.
TEST(JoinLines, LooksPastMarksThatAllScriptsShare) {
  EXPECT_EQ(JoinLines({"他说…", "“好”", "我走了"}), "他说…“好”我走了");
  EXPECT_EQ(JoinLines({"he said…", "“yes”", "I go"}), "he said… “yes” I go");
}

TEST(JoinLines, PutsASpaceBetweenTwoScripts) {
  EXPECT_EQ(JoinLines({"我爱", "Python", "语言"}), "我爱 Python 语言");
  EXPECT_EQ(JoinLines({"好的!", "走吧"}), "好的! 走吧");
  EXPECT_EQ(JoinLines({"太好了", "😂", "走"}), "太好了 😂 走");
}

TEST(JoinLines, TakesWhatIsNoText) {
  EXPECT_EQ(JoinLines({}), "");
  EXPECT_EQ(JoinLines({"", "a", "", "…", "\xE3\x80", ""}), "a … \xE3\x80");
}

}  // namespace
}  // namespace vsa
