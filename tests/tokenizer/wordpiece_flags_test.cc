// The flags of a WordPiece tokenizer and vocabularies out of the ordinary. What
// the flags give is what BertTokenizerFast of tokenizers 0.23.3 gives for the
// same vocabularies.
#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using Tokens = std::vector<std::string>;

Tokens Tokenize(const std::string& vocabulary, const TextSpec& spec,
                const std::string& text) {
  const auto tokenizer = ParseWordPiece(vocabulary, "vocab.txt", spec);
  std::vector<std::int32_t> ids;
  tokenizer->Encode(text, &ids);
  Tokens tokens;
  for (const std::int32_t id : ids) tokens.emplace_back(tokenizer->TokenOf(id));
  return tokens;
}

TextSpec Flags(bool lower_case, std::optional<bool> strip_accents,
               bool split_chinese = true) {
  TextSpec spec;
  spec.lower_case = lower_case;
  spec.strip_accents = strip_accents;
  spec.split_chinese = split_chinese;
  return spec;
}

std::string RefusalOf(const std::string& vocabulary, const TextSpec& spec) {
  try {
    ParseWordPiece(vocabulary, "vocab.txt", spec);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    return error.what();
  }
  return "";
}

TEST(WordPieceFlags, AccentsGoWithCaseUnlessToldOtherwise) {
  const std::string vocabulary = "[UNK]\nÉ\né\nE\ne\n";
  EXPECT_THAT(Tokenize(vocabulary, Flags(true, std::nullopt), "É"),
              ElementsAre("e"));
  EXPECT_THAT(Tokenize(vocabulary, Flags(true, false), "É"), ElementsAre("é"));
  EXPECT_THAT(Tokenize(vocabulary, Flags(false, std::nullopt), "É"),
              ElementsAre("É"));
  EXPECT_THAT(Tokenize(vocabulary, Flags(false, true), "É"), ElementsAre("E"));
}

TEST(WordPieceFlags, ChineseIsOneWordUnlessSplit) {
  const std::string vocabulary = "[UNK]\n中\n文\n##文\n";
  EXPECT_THAT(Tokenize(vocabulary, Flags(true, std::nullopt, true), "中文"),
              ElementsAre("中", "文"));
  EXPECT_THAT(Tokenize(vocabulary, Flags(true, std::nullopt, false), "中文"),
              ElementsAre("中", "##文"));
}

TEST(WordPieceFlags, CapitalIWithADotIsTwoCharactersInLowerCase) {
  EXPECT_THAT(Tokenize("[UNK]\ni\n##\u0307\n", Flags(true, false), "İ"),
              ElementsAre("i", "##\u0307"));
  EXPECT_THAT(Tokenize("[UNK]\ni\n", Flags(true, true), "İ"), ElementsAre("i"));
}

// Marks that stay are put into canonical order (U+1D165 has class 216, U+302E
// 224), but not over a stripped one of class 0 (U+034F), and not where nothing
// is decomposed.
TEST(WordPieceFlags, MarksThatStayAreSortedWhereAccentsGo) {
  const std::string vocabulary = "[UNK]\na\n##\u302E\n##\U0001D165\n";
  EXPECT_THAT(
      Tokenize(vocabulary, Flags(true, true), "a\u302E\u0301\U0001D165"),
      ElementsAre("a", "##\U0001D165", "##\u302E"));
  EXPECT_THAT(
      Tokenize(vocabulary, Flags(true, true), "a\u302E\u034F\U0001D165"),
      ElementsAre("a", "##\u302E", "##\U0001D165"));
  EXPECT_THAT(Tokenize(vocabulary, Flags(true, false), "a\u302E\U0001D165"),
              ElementsAre("a", "##\u302E", "##\U0001D165"));
}

TEST(WordPieceFlags, AWordIsMeasuredInCharacters) {
  TextSpec spec;
  spec.max_word_characters = 3;
  const std::string vocabulary = "[UNK]\nд\n##д\na\n##a\n";
  EXPECT_THAT(Tokenize(vocabulary, spec, "ддд"),
              ElementsAre("д", "##д", "##д"));
  EXPECT_THAT(Tokenize(vocabulary, spec, "дддд aaaaa a"),
              ElementsAre("[UNK]", "[UNK]", "a"));
}

TEST(WordPieceVocabulary, LongSpellingsThatBeginAlikeAreToldApart) {
  const std::string vocabulary =
      "[UNK]\nstrawberries\nstrawberry\nstrawber\n##winemaker\n##winemaking\n";
  EXPECT_THAT(Tokenize(vocabulary, {},
                       "strawberries strawberry strawberrywinemaking "
                       "strawberwinemaker strawberrx"),
              ElementsAre("strawberries", "strawberry", "strawberry",
                          "##winemaking", "strawber", "##winemaker", "[UNK]"));
}

TEST(WordPieceVocabulary, LinesMayEndInCrLfAndTheLastOfEqualLinesCounts) {
  const auto tokenizer = ParseWordPiece("[UNK]\r\na\r\n\r\na", "vocab.txt", {});
  std::vector<std::int32_t> ids;
  tokenizer->Encode("a b", &ids);
  EXPECT_THAT(ids, ElementsAre(3, 0));
}

TEST(WordPieceVocabulary, WhatIsNoVocabularyIsRefused) {
  EXPECT_EQ(RefusalOf("", {}),
            "vocab.txt: no line [UNK]; expected a WordPiece vocabulary, a "
            "token a line");
  EXPECT_EQ(RefusalOf("[UNK]\na\xFF\n", {}),
            "vocab.txt:2: not UTF-8; expected a WordPiece vocabulary, a token "
            "a line");
  TextSpec spec;
  spec.unk = 100;
  EXPECT_EQ(RefusalOf("a\n[UNK]\n", spec),
            "vocab.txt:2: [UNK] has the id 1; expected 100");
  spec.unk = 1;
  EXPECT_EQ(RefusalOf("a\n[UNK]\n", spec), "");
  spec.max_word_characters = 0;
  EXPECT_EQ(RefusalOf("a\n[UNK]\n", spec),
            "vocab.txt: max_word_characters is 0; expected 1 to 1000");
}

}  // namespace
}  // namespace vsa
