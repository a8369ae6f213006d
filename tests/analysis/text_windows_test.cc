#include "analysis/text_windows.h"

#include <gmock/gmock.h>

#include "tests/analysis/fakes.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using Row = std::vector<std::int32_t>;

TextSpec Spec(int max_tokens) {
  TextSpec spec;
  spec.cls = 101;
  spec.sep = 102;
  spec.max_tokens = max_tokens;
  return spec;
}

TEST(CutIntoWindows, KeepsTextThatFitsWhole) {
  EXPECT_THAT(CutIntoWindows("a bb. ccc", FakeTokenizer(), Spec(5)),
              ElementsAre(Row{101, 1, 3, 3, 102}));
}

TEST(CutIntoWindows, CutsAtSentenceEndsFirst) {
  EXPECT_THAT(CutIntoWindows("a bb. C d e.", FakeTokenizer(), Spec(6)),
              ElementsAre(Row{101, 1, 3, 102}, Row{101, 1, 1, 2, 102}));
}

TEST(CutIntoWindows, PutsShortSentencesIntoOneWindow) {
  EXPECT_THAT(CutIntoWindows("a! b? c d.", FakeTokenizer(), Spec(4)),
              ElementsAre(Row{101, 2, 2, 102}, Row{101, 1, 2, 102}));
}

TEST(CutIntoWindows, CutsALongSentenceAtSpaces) {
  EXPECT_THAT(
      CutIntoWindows("a bb ccc dddd eeeee", FakeTokenizer(), Spec(4)),
      ElementsAre(Row{101, 1, 2, 102}, Row{101, 3, 4, 102}, Row{101, 5, 102}));
}

TEST(CutIntoWindows, CutsWhereUtterancesEnd) {
  EXPECT_THAT(CutIntoWindows("a Mr. B c... d (e.) F", FakeTokenizer(), Spec(8)),
              ElementsAre(Row{101, 1, 3, 1, 4, 1, 4, 102}, Row{101, 1, 102}));
}

TEST(CutIntoWindows, DoesNotTakeADecimalPointForASentenceEnd) {
  EXPECT_THAT(CutIntoWindows("a 3.5 b", FakeTokenizer(), Spec(4)),
              ElementsAre(Row{101, 1, 3, 102}, Row{101, 1, 102}));
}

// Every byte is a token: a word may be longer than a window.
class ByteTokenizer : public FakeTokenizer {
 public:
  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    for (const char c : text) ids->push_back(static_cast<unsigned char>(c));
  }
};

TEST(CutIntoWindows, CutsAWordLongerThanAWindowAnywhere) {
  EXPECT_THAT(CutIntoWindows("abcde", ByteTokenizer(), Spec(4)),
              ElementsAre(Row{101, 'a', 'b', 102}, Row{101, 'c', 'd', 102},
                          Row{101, 'e', 102}));
}

TEST(CutIntoWindows, GivesNothingForTextWithoutTokens) {
  EXPECT_THAT(CutIntoWindows("", FakeTokenizer(), Spec(4)), ElementsAre());
  EXPECT_THAT(CutIntoWindows("   ", FakeTokenizer(), Spec(4)), ElementsAre());
}

}  // namespace
}  // namespace vsa
