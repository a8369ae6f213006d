#include "base/checked_json.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

std::string Nested(int depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(ParseJson, TakesWhatIsNestedNoMoreThan64Deep) {
  EXPECT_TRUE(ParseJson(Nested(64)));
  EXPECT_FALSE(ParseJson(Nested(65)));
  EXPECT_FALSE(ParseJson(std::string(300000, '[')));
  // Brackets in strings open nothing, side by side they are not deep.
  const std::string brackets(100, '{');
  EXPECT_TRUE(ParseJson("[\"" + brackets + "\", \"\\\"" + brackets + "\"]"));
  std::string wide = "[[]";
  for (int i = 0; i < 1000; ++i) wide += ",[]";
  EXPECT_TRUE(ParseJson(wide + "]"));
}

TEST(ParseJson, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "]", "{\"a\": 1e999}", "[1,]", "\"x"})
    EXPECT_FALSE(ParseJson(text)) << text;
}

}  // namespace
}  // namespace vsa
