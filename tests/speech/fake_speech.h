// A recogniser that writes by a script.
#ifndef VSA_TESTS_SPEECH_FAKE_SPEECH_H_
#define VSA_TESTS_SPEECH_FAKE_SPEECH_H_

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "tests/speech/small_spec.h"
#include "vsa/speech.h"

namespace vsa {

using Tokens = std::vector<SpeechToken>;
using Logits = std::vector<float>;

// The logits of what comes next in a window behind what is written: {} at the
// start, then {kStart}, then that, language and task, then the text, too.
using Script = std::function<Logits(std::size_t window, const Tokens& written)>;

// The logits of tokens that are as probable as they say, and no other is.
inline Logits Among(
    const std::vector<std::pair<SpeechToken, double>>& probable) {
  Logits logits(static_cast<std::size_t>(SmallSpec().vocabulary), -60);
  for (const auto& [token, probability] : probable) {
    logits[static_cast<std::size_t>(token)] =
        static_cast<float>(std::log(probability));
  }
  return logits;
}

inline Logits Surely(SpeechToken token) { return Among({{token, 1}}); }

// What follows the language and the task; as sure of it as `probability` says,
// else it would be the words behind.
inline Logits Say(const Tokens& said, const Tokens& written,
                  double probability = 1) {
  constexpr std::size_t kPrompt = 3;
  if (written.size() < kPrompt) return Surely(kEnglish);
  const std::size_t at = written.size() - kPrompt;
  const SpeechToken next = at < said.size() ? said[at] : kEnd;
  if (probability == 1 || next >= kEnd) return Surely(next);
  const double other = (1 - probability) / 4;
  return Among({{next, probability},
                {10, other},
                {11, other},
                {12, other},
                {13, other}});
}

class FakeSpeechDecoder : public SpeechDecoder {
 public:
  FakeSpeechDecoder(const Script& script, const std::vector<std::size_t>& rows)
      : script_(script) {
    for (const std::size_t window : rows) rows_.push_back({window, {}});
  }

  std::vector<SpeechNext> Step(const std::vector<Tokens>& tokens) override {
    EXPECT_EQ(tokens.size(), rows_.size());
    std::vector<SpeechNext> nexts;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto& [window, written] = rows_[i];
      EXPECT_EQ(tokens[i].size(), tokens[0].size());
      written.insert(written.end(), tokens[i].begin(), tokens[i].end());
      nexts.push_back({script_(window, written), attention_});
    }
    return nexts;
  }

  void Keep(const std::vector<std::size_t>& rows) override {
    std::vector<std::pair<std::size_t, Tokens>> kept;
    for (const std::size_t row : rows) kept.push_back(rows_.at(row));
    rows_ = std::move(kept);
  }

 private:
  // It looks nowhere in particular.
  const std::vector<float> attention_ = std::vector<float>(1500, 1.0f / 1500);
  const Script script_;
  std::vector<std::pair<std::size_t, Tokens>> rows_;
};

class FakeSpeechStates : public SpeechStates {
 public:
  explicit FakeSpeechStates(Script script) : script_(std::move(script)) {}

  std::unique_ptr<SpeechDecoder> Begin(
      const std::vector<std::size_t>& windows) const override {
    begun.push_back(windows);
    return std::make_unique<FakeSpeechDecoder>(script_, windows);
  }

  mutable std::vector<std::vector<std::size_t>> begun;

 private:
  const Script script_;
};

}  // namespace vsa

#endif  // VSA_TESTS_SPEECH_FAKE_SPEECH_H_
