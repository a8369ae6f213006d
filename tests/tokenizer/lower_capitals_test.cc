#include "tokenizer/lower_capitals.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace vsa {
namespace {

// A token for each byte.
class Bytes : public Tokenizer {
 public:
  void Encode(std::string_view text,
              std::vector<std::int32_t>* ids) const override {
    for (const char byte : text)
      ids->push_back(static_cast<unsigned char>(byte));
  }
  std::string_view TokenOf(std::int32_t) const override { return "byte"; }
};

TEST(WithLowerCapitals, LowersTextOfCapitalsAlone) {
  const auto tokenizer = WithLowerCapitals(std::make_unique<Bytes>());
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
  for (const auto& [text, given] : cases) {
    std::vector<std::int32_t> ids;
    tokenizer->Encode(text, &ids);
    EXPECT_EQ(std::string(ids.begin(), ids.end()), given) << text;
  }
}

}  // namespace
}  // namespace vsa
