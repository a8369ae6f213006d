// Words for emoji. That Python's training applies a table by the same rule is
// tested in tests/python/test_emoji.py.
#include "tokenizer/emoji_words.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tokenizer/wordpiece.h"
#include "vsa/error.h"
#include "vsa/types.h"

namespace vsa {
namespace {

constexpr char kTable[] =
    ":)\tsmiling face\n"
    ":))\tsmiling face\n"
    ":D\tgrinning face\n"
    ":\\\tconfused face\n"
    ":/\tconfused face\n"
    "=[\tfrowning face\n"
    "^^\tsmiling face\n"
    "<3\tred heart\n"
    "XD\tlaughing face\n"
    "\u2764\tred heart\n"
    "\ufe0f\t\n"
    "\U0001f468\tman\n"
    "\U0001f525\tfire\n"
    "\U0001f3f3\t\n"
    "\U0001f3f4\t\n"
    "\U000e0067\t\n"
    "\U000e007f\t\n"
    "\U0001f3fd\t\n";

std::string Replaced(const std::string& text) {
  return EmojiWords(kTable, "emoji.txt").Replace(text);
}

TEST(EmojiWords, StandWhereSymbolsStood) {
  EXPECT_EQ(Replaced("hot\U0001f525stuff"), "hot fire stuff");
  EXPECT_EQ(Replaced("no  symbol"), "no  symbol");
  EXPECT_EQ(Replaced(""), "");
}

TEST(EmojiWords, OfTheLongestSymbol) {
  EXPECT_EQ(Replaced(":))!"), " smiling face !");
  EXPECT_EQ(Replaced(":)) :)"), " smiling face   smiling face ");
  EXPECT_EQ(Replaced(":"), ":");
}

TEST(EmojiWords, CountOnceWhereTheSymbolIsThereAgain) {
  EXPECT_EQ(Replaced("\U0001f525\U0001f525\U0001f525"), " fire ");
  EXPECT_EQ(Replaced("\u2764\ufe0f\u2764\ufe0f"), " red heart ");
  EXPECT_EQ(Replaced("\U0001f525 \U0001f525"), " fire   fire ");
}

TEST(EmojiWords, OfASequenceAreThoseOfItsBase) {
  EXPECT_EQ(Replaced("\U0001f468\U0001f3fd\u200d\U0001f525"), " man ");
  EXPECT_EQ(Replaced("\u2764\ufe0f\u200d\U0001f525x"), " red heart x");
  EXPECT_EQ(Replaced("\U0001f468\u200dx"), " man \u200dx");
  EXPECT_EQ(Replaced("\U0001f468\u200d"), " man \u200d");
}

TEST(EmojiWords, AreNoneForASequenceWhoseBaseHasNone) {
  EXPECT_EQ(Replaced("a\U0001f3f4\U000e0067\U000e007f"
                     "b"),
            "ab");
  EXPECT_EQ(Replaced("a\U0001f3f3\u200d\U0001f525"), "a");
}

TEST(EmojiWords, OfLettersAreNoPartsOfWords) {
  EXPECT_EQ(Replaced("good:) XD"), "good smiling face   laughing face ");
  EXPECT_EQ(Replaced("boXD :)x http:)/ 8XD"), "boXD :)x http:)/ 8XD");
}

TEST(EmojiWords, OfEmoticonsAreNoPartsOfWordsTimesPathsAndCode) {
  for (const char* text :
       {"said:D", "0:D", "20:00:)", "std::D", "Open D:\\ please.", "x<3",
        "list=[", "x=[ 1", "http://a", "see ://a", "9:/"})
    EXPECT_EQ(Replaced(text), text);
  EXPECT_EQ(Replaced("girl<3"), "girl red heart ");
  EXPECT_EQ(Replaced("\u00fcb:)"), "\u00fcb smiling face ");
}

TEST(EmojiWords, CountOnceWhereTheLastSignIsThereAgain) {
  EXPECT_EQ(Replaced(":))))))!"), " smiling face !");
  EXPECT_EQ(Replaced(":DDDD"), " grinning face ");
  EXPECT_EQ(Replaced("XDDD"), " laughing face ");
  EXPECT_EQ(Replaced(":))))x"), ":))))x");
}

TEST(EmojiWords, ALongRunIsGoneThroughOnce) {
  const std::string run(2'000'000, '^');
  EXPECT_EQ(Replaced(run + "x"), run + "x");
  EXPECT_EQ(Replaced(run), " smiling face ");
}

TEST(EmojiWords, StandDirectlyBehindAnotherSymbol) {
  EXPECT_EQ(Replaced("<3<3<3"), " red heart ");
  EXPECT_EQ(Replaced(":D:)"), " grinning face  smiling face ");
}

TEST(EmojiWords, BytesThatAreNoUtf8Stay) {
  EXPECT_EQ(Replaced("\xf0\x9f\x94 \xff"), "\xf0\x9f\x94 \xff");
}

TEST(EmojiWords, ATableThatIsNoneIsRefused) {
  const auto complaint = [](const std::string& table) -> std::string {
    try {
      EmojiWords(table, "emoji.txt");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint(":)\tsmile\n:("),
            "emoji.txt:2: expected a symbol, a tab and its words");
  EXPECT_EQ(complaint("\tsmile\n"),
            "emoji.txt:1: expected a symbol, a tab and its words");
  EXPECT_EQ(complaint(":)\ta\n:)\tb\n"),
            "emoji.txt:2: the symbol is there twice");
  EXPECT_EQ(complaint(""), "");
}

TEST(EmojiWords, AreWhatATokenizerGets) {
  const auto tokenizer = WithEmojiWords(
      ParseWordPiece("[UNK]\nred\nheart\nyes\n", "vocab.txt", TextSpec()),
      EmojiWords(kTable, "emoji.txt"));
  std::vector<std::int32_t> ids;
  tokenizer->Encode("yes\u2764", &ids);
  EXPECT_EQ(ids, (std::vector<std::int32_t>{3, 1, 2}));
  EXPECT_EQ(tokenizer->TokenOf(2), "heart");
}

}  // namespace
}  // namespace vsa
