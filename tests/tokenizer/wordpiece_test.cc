// WordPiece against Hugging Face's tokens and ids: lines in golden.jsonl
// (../shared/data/README.md) and hard.jsonl (made by scripts/check-tokenizer).
#include "tokenizer/wordpiece.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using Ids = std::vector<std::int32_t>;

const std::string kData = VSA_SOURCE_DIR "/tests/data/tokenizer";

std::unique_ptr<Tokenizer> LoadVocabulary(const std::string& folder,
                                          const TextSpec& text) {
  const std::string path = folder + "/vocab.txt";
  return ParseWordPiece(ReadFile(path, ErrorKind::kSetup), path, text);
}

std::string TokensOf(const Tokenizer& tokenizer, const Ids& ids) {
  json tokens = json::array();
  for (const std::int32_t id : ids) tokens.push_back(tokenizer.TokenOf(id));
  return tokens.dump();
}

// How many of the file's lines were compared. All must agree, tokens and ids.
int CompareWith(const std::string& golden, const Tokenizer& tokenizer) {
  int lines = 0;
  std::ifstream file(golden);
  for (std::string line; std::getline(file, line); ++lines) {
    const json expected = json::parse(line);
    Ids ids;
    tokenizer.Encode(expected["text"].get_ref<const std::string&>(), &ids);
    EXPECT_EQ(ids, expected["ids"].get<Ids>())
        << golden << ":" << lines + 1 << ": " << TokensOf(tokenizer, ids);
    EXPECT_EQ(TokensOf(tokenizer, ids), expected["tokens"].dump())
        << golden << ":" << lines + 1;
    if (testing::Test::HasFailure()) break;
  }
  return lines;
}

class GoldenTest : public testing::TestWithParam<const char*> {};

TEST_P(GoldenTest, AgreesWithHuggingFaceOnEveryLine) {
  std::string folder = kData + "/" + GetParam();
  if (!std::filesystem::exists(folder)) {
    const char* shared = std::getenv("VSA_SHARED");
    folder = (shared ? std::string(shared) : VSA_SOURCE_DIR "/../shared") +
             "/data/tokenizer/" + GetParam();
  }
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << folder << " is not there";
  TextSpec text;
  text.lower_case = json::parse(
      std::ifstream(folder + "/tokenizer_config.json"))["do_lower_case"];
  EXPECT_EQ(
      CompareWith(folder + "/golden.jsonl", *LoadVocabulary(folder, text)),
      600);
}

INSTANTIATE_TEST_SUITE_P(WordPiece, GoldenTest,
                         testing::Values("bert-base-uncased", "bert-base-cased",
                                         "bert-base-chinese",
                                         "bert-base-multilingual-cased",
                                         "bert-base-multilingual-uncased"));

TEST(WordPiece, AgreesWithHuggingFaceOnHardLines) {
  EXPECT_EQ(CompareWith(kData + "/bert-base-uncased/hard.jsonl",
                        *LoadVocabulary(kData + "/bert-base-uncased", {})),
            300);
}

TEST(WordPiece, SpecialTokensInTextArePlainCharacters) {
  const auto tokenizer = LoadVocabulary(kData + "/bert-base-uncased", {});
  Ids ids;
  tokenizer->Encode("[SEP]", &ids);
  EXPECT_EQ(TokensOf(*tokenizer, ids), R"(["[","sep","]"])");
}

TEST(WordPiece, BytesThatAreNotUtf8AreReplacementCharacters) {
  const auto tokenizer = LoadVocabulary(kData + "/bert-base-uncased", {});
  Ids broken, replaced;
  tokenizer->Encode("caf\xE9 \xF0\x9F ok", &broken);
  tokenizer->Encode("caf\xEF\xBF\xBD \xEF\xBF\xBD ok", &replaced);
  EXPECT_EQ(broken, replaced);
}

TEST(WordPiece, AWordOverTheLimitIsUnknown) {
  const auto tokenizer = LoadVocabulary(kData + "/bert-base-uncased", {});
  Ids ids;
  tokenizer->Encode(std::string(101, 'a'), &ids);
  EXPECT_THAT(ids, ElementsAre(100));
}

TEST(WordPiece, AVocabularyWithoutUnkIsRefused) {
  try {
    ParseWordPiece("a\nb\n", "vocab.txt", {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    EXPECT_THAT(error.what(), testing::StartsWith("vocab.txt: "));
  }
}

}  // namespace
}  // namespace vsa
