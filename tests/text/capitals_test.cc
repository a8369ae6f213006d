#include "text/capitals.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace vsa {
namespace {

TEST(LowerIfAllCapitals, LowersTextOfCapitalsAlone) {
  const std::pair<std::string, std::string> cases[] = {
      {"THANK YOU, I LOVED IT! 100 %", "thank you, i loved it! 100 %"},
      {"¡QUÉ ALEGRÍA, AÑOS!", "¡qué alegría, años!"},
      {"СПАСИБО", "спасибо"},
      {"ΟΔΟΣ", "οδο\u03c2"},  // a sigma that ends a word
      {"NASA", "nasa"},
      {"NASA sent it", "NASA sent it"},
      {"McDONALD", "McDONALD"},
      {"我爱 NBA", "我爱 nba"},
      {"我很高兴 مرحبا", "我很高兴 مرحبا"},
      {"123 …", "123 …"},
      {"", ""},
  };
  for (const auto& [text, lower] : cases)
    EXPECT_EQ(LowerIfAllCapitals(text), lower) << text;
}

}  // namespace
}  // namespace vsa
