#include "analysis/text_windows.h"

#include <gmock/gmock.h>

#include <cctype>
#include <cstdint>
#include <sstream>

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

// Knows marks and numbers, and no word but "good".
class MarkTokenizer : public FakeTokenizer {
 public:
  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    std::istringstream words((std::string(text)));
    for (std::string word; words >> word;)
      ids->push_back(word == "good"                                   ? 2
                     : std::ispunct(word[0]) || std::isdigit(word[0]) ? 1
                                                                      : 3);
  }
};

TEST(CutIntoWindows, GivesNoWindowWithoutAKnownWord) {
  TextSpec spec = Spec(5);
  spec.unk = 3;
  const auto windows = [&](const std::string& text) {
    return CutIntoWindows(text, MarkTokenizer(), spec);
  };
  EXPECT_THAT(windows("abc def"), ElementsAre());
  EXPECT_THAT(windows("abc !"), ElementsAre());
  EXPECT_THAT(windows("12 abc ..."), ElementsAre());
  EXPECT_THAT(windows("abc good"), ElementsAre(Row{101, 3, 2, 102}));
  EXPECT_THAT(windows("12 !"), ElementsAre(Row{101, 1, 1, 102}));
  EXPECT_THAT(windows("abc abc abc abc abc good"),
              ElementsAre(Row{101, 3, 3, 2, 102}));
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

// Every character is a token, its code point, and like SentencePiece there is
// one more at the start.
class CharacterTokenizer : public FakeTokenizer {
 public:
  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    ids->push_back(' ');
    for (std::size_t i = 0; i < text.size();) {
      const unsigned char lead = static_cast<unsigned char>(text[i]);
      const std::size_t size = lead < 0x80   ? 1
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                                             : 4;
      std::int32_t character = size == 1 ? lead : lead & (0xFF >> (size + 1));
      for (std::size_t k = 1; k < size; ++k)
        character = character << 6 | (text[i + k] & 0x3F);
      ids->push_back(character);
      i += size;
    }
  }
};

TEST(CutIntoWindows, CutsBetweenWordsWhereThereAreNoSpaces) {
  EXPECT_THAT(CutIntoWindows("是。我今天很开心，谢谢你们。",
                             CharacterTokenizer(), Spec(8)),
              ElementsAre(Row{101, ' ', U'是', U'。', 102},
                          Row{101, ' ', U'我', U'今', U'天', U'很', 102},
                          Row{101, ' ', U'开', U'心', U'，', U'谢', U'谢', 102},
                          Row{101, ' ', U'你', U'们', U'。', 102}));
}

// Each step looks at no more than a few rows of the text.
TEST(CutIntoWindows, TakesALongTextWithoutSpaces) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "我今天很开心";
  const auto rows = CutIntoWindows(text, CharacterTokenizer(), Spec(96));
  EXPECT_GE(rows.size(), 300000u / 93);
  EXPECT_LE(rows.size(), 300000u / 90);
  for (const Row& row : rows) EXPECT_LE(row.size(), 96u);
}

TEST(CutIntoWindows, GivesNothingForTextWithoutTokens) {
  EXPECT_THAT(CutIntoWindows("", FakeTokenizer(), Spec(4)), ElementsAre());
  EXPECT_THAT(CutIntoWindows("   ", FakeTokenizer(), Spec(4)), ElementsAre());
}

}  // namespace
}  // namespace vsa
