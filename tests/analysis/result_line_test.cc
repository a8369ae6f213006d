#include "analysis/result_line.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

// "item|key|failed", or "none".
std::string MarkOf(const std::string& rest) {
  const auto mark =
      ParseResultMark(R"({"schema": "vsa.result/1")" + rest + "}");
  if (!mark) return "none";
  return mark->item + "|" + mark->key + "|" + (mark->failed ? "failed" : "");
}

TEST(ParseResultMark, TakesTheKeysOfTheOutermostObjectAlone) {
  EXPECT_EQ(MarkOf(""), "||");
  EXPECT_EQ(MarkOf(R"(, "item": "i", "key": "k")"), "i|k|");
  EXPECT_EQ(MarkOf(R"(, "x": {"item": "n", "error": 1}, "key": "k")"), "|k|");
  EXPECT_EQ(MarkOf(R"(, "x": [{"schema": "n"}, ["key"]], "item": "i")"), "i||");
  EXPECT_EQ(MarkOf(R"(, "item": "\u0069\n", "error": null)"), "i\n||failed");
}

TEST(ParseResultMark, AValueOfAnotherKindIsNone) {
  for (const char* value : {"null", "true", "7", "-7", "1.5", "{}", "[\"i\"]"})
    EXPECT_EQ(MarkOf(std::string(R"(, "item": )") + value), "||") << value;
}

TEST(ParseResultMark, OfAKeyThatIsThereTwiceTheLastCounts) {
  EXPECT_EQ(MarkOf(R"(, "item": "i", "item": "j")"), "j||");
  EXPECT_EQ(MarkOf(R"(, "item": "i", "item": {"a": "b"})"), "||");
  EXPECT_EQ(MarkOf(R"(, "schema": "vsa.extract/1")"), "none");
  EXPECT_EQ(MarkOf(R"(, "schema": ["vsa.result/1"])"), "none");
}

TEST(ParseResultMark, ABrokenLineIsNoResult) {
  EXPECT_EQ(MarkOf(R"(, "x": [1, 2)"), "none");
  EXPECT_EQ(MarkOf(R"(, "x": {"y": tru}")"), "none");
  EXPECT_EQ(MarkOf(R"(, "x": 1e999)"), "none");
  EXPECT_EQ(MarkOf(", \"x\": \"caf\xE9\""), "none");
  EXPECT_EQ(MarkOf("} {"), "none");
  EXPECT_FALSE(ParseResultMark(""));
  EXPECT_FALSE(ParseResultMark("7"));
  EXPECT_FALSE(ParseResultMark(R"([{"schema": "vsa.result/1"}])"));
  EXPECT_FALSE(ParseResultMark(R"(["schema", "vsa.result/1"])"));
}

TEST(ParseResultMark, DeepNestingIsPassedOver) {
  const std::string deep(100000, '['), end(100000, ']');
  EXPECT_EQ(MarkOf(R"(, "x": )" + deep + end + R"(, "item": "i")"), "i||");
  EXPECT_EQ(MarkOf(R"(, "item": )" + deep + end), "||");
  EXPECT_EQ(MarkOf(R"(, "x": )" + deep), "none");
}

}  // namespace
}  // namespace vsa
