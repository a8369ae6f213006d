#include "text/chinese.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace vsa {
namespace {

TEST(SimplifyIfChinese, SimplifiesChineseAlone) {
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
    EXPECT_EQ(SimplifyIfChinese(text), given);
}

TEST(SimplifyIfChinese, ServesSeveralThreads) {
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (int& one : right) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (SimplifyIfChinese("他們說這裡沒有人") == "他们说这里没有人") ++one;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, (std::vector<int>{500, 500, 500, 500}));
}

}  // namespace
}  // namespace vsa
