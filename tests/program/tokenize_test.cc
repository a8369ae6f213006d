// `vsa tokenize` and the SentencePiece module, from the outside.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/program/run_program.h"

namespace vsa {
namespace {

const std::string kVocab =
    VSA_SOURCE_DIR "/tests/data/tokenizer/bert-base-uncased/vocab.txt";
const std::string kModel =
    VSA_SOURCE_DIR "/tests/data/tokenizer/sentencepiece/test_model.model";

TEST(Tokenize, GivesAJsonLineForEachLine) {
  const Outcome outcome = RunProgram({"tokenize", "--vocab", kVocab},
                                     "Hello, \"you\"\r\n\nlast \xE2\x82\xAC");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "{\"tokens\": [\"hello\", \",\", \"\\\"\", \"you\", \"\\\"\"], \"ids\": "
      "[7592, 1010, 1000, 2017, 1000]}\n"
      "{\"tokens\": [], \"ids\": []}\n"
      "{\"tokens\": [\"last\", \"\xE2\x82\xAC\"], \"ids\": [2197, 1574]}\n");
}

TEST(Tokenize, UsesTheBundleUnlessToldOtherwise) {
  const Outcome outcome = RunProgram({"tokenize"}, "hello\n");
  EXPECT_EQ(outcome.out, "{\"tokens\": [\"hello\"], \"ids\": [7592]}\n");
}

TEST(Tokenize, NothingInIsNothingOut) {
  const Outcome outcome = RunProgram({"tokenize", "--vocab", kVocab}, "");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
}

// Ids as the sentencepiece library's own command gives them.
TEST(Tokenize, SentencePieceGivesTheLibrarysIds) {
  const Outcome outcome = RunProgram({"tokenize", "--spm", kModel},
                                     "I saw a girl with a telescope.\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto line = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(line["ids"], nlohmann::json({9, 459, 11, 939, 44, 11, 4, 142, 82, 8,
                                         28, 21, 132, 6}));
  EXPECT_EQ(line["tokens"][1], "\xE2\x96\x81saw");
}

TEST(Tokenize, WrongFilesAreOneLine) {
  const Outcome text =
      RunProgram({"tokenize", "/nowhere.txt", "--vocab", kVocab});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_EQ(text.err,
            "vsa: /nowhere.txt: cannot be opened: No such file or directory\n");
  const Outcome vocab = RunProgram({"tokenize", "--vocab", "/nowhere.txt"});
  EXPECT_EQ(vocab.exit_code, 3);
  EXPECT_EQ(vocab.err,
            "vsa: /nowhere.txt: cannot be opened: No such file or directory\n");
  const Outcome spm = RunProgram({"tokenize", "--spm", kVocab});
  EXPECT_EQ(spm.exit_code, 3);
  EXPECT_EQ(spm.err, "vsa: " + kVocab + ": is not a SentencePiece model\n");
}

}  // namespace
}  // namespace vsa
