#include "tokenizer/simplified_chinese.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
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

std::string Given(const Tokenizer& tokenizer, const std::string& text) {
  std::vector<std::int32_t> ids;
  tokenizer.Encode(text, &ids);
  return std::string(ids.begin(), ids.end());
}

TEST(WithSimplifiedChinese, SimplifiesChineseAlone) {
  const auto tokenizer = WithSimplifiedChinese(std::make_unique<Bytes>());
  const std::pair<std::string, std::string> cases[] = {
      {"我今天真的很開心，謝謝你們來看我。",
       "我今天真的很开心，谢谢你们来看我。"},
      {"我今天真的很开心。", "我今天真的很开心。"},
      {"這是OK的 😂", "这是OK的 😂"},
      // A word may turn a character that stays elsewhere.
      {"甚麼？甚至", "什么？甚至"},
      {"ㄅ龍", "ㄅ龙"},
      // Japanese and Korean with characters that Chinese simplifies.
      {"東京の學校へ", "東京の學校へ"},
      {"ﾄｳｷｮｳ東京", "ﾄｳｷｮｳ東京"},
      {"美國은 크다", "美國은 크다"},
      {"naïve … Привет مرحبا नमस्ते สวัสดี 안녕 かな",
       "naïve … Привет مرحبا नमस्ते สวัสดี 안녕 かな"},
      {"", ""},
      {"\xE9\xBE", "\xE9\xBE"},
  };
  for (const auto& [text, given] : cases)
    EXPECT_EQ(Given(*tokenizer, text), given);
  EXPECT_EQ(tokenizer->TokenOf(7), "byte");
}

TEST(WithSimplifiedChinese, ServesSeveralThreads) {
  const auto tokenizer = WithSimplifiedChinese(std::make_unique<Bytes>());
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (int& one : right) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (Given(*tokenizer, "他們說這裡沒有人") == "他们说这里没有人") ++one;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, (std::vector<int>{500, 500, 500, 500}));
}

}  // namespace
}  // namespace vsa
