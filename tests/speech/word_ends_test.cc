#include "speech/word_ends.h"

#include <gmock/gmock.h>

#include <string>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The text with a bar where words end.
std::string Cut(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  for (const std::size_t end : WordEnds(text)) {
    out += text.substr(at, end - at) + "|";
    at = end;
  }
  return out;
}

TEST(WordEnds, AreBeforeSpacesAndAtTheEnd) {
  EXPECT_EQ(Cut("Don't stop, it's well-known."),
            "Don't| stop,| it's| well-known.|");
  EXPECT_EQ(Cut("한국어는 띄어쓰기를 한다."), "한국어는| 띄어쓰기를| 한다.|");
  EXPECT_EQ(Cut("one"), "one|");
  EXPECT_THAT(WordEnds(""), IsEmpty());
}

TEST(WordEnds, AreBetweenWordsWhereNoSpacesAreWritten) {
  EXPECT_EQ(Cut("สวัสดีครับ"), "สวัสดี|ครับ|");
  EXPECT_EQ(Cut("今天天气很好，我们去公园。"),
            "今天|天气|很好，|我们|去|公园。|");
  EXPECT_EQ(Cut("我用vsa。"), "我|用|vsa。|");
}

}  // namespace
}  // namespace vsa
