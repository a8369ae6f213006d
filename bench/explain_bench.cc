// How faithful --explain is: what the predicted class's probability loses when
// a fifth of the words is deleted, the highest scored, random, or the lowest
// scored. Usage: explain_bench BUNDLE < SENTENCES
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <random>

#include "bundle.h"
#include "explain.h"
#include "file.h"
#include "model_torch.h"
#include "prediction.h"
#include "text_vectors.h"
#include "vsa/error.h"
#include "wordpiece.h"

namespace vsa {
namespace {

constexpr double kDeleted = 0.2;

std::string Without(const std::string& text, std::vector<WordScore> words) {
  std::sort(words.begin(), words.end(),
            [](const auto& a, const auto& b) { return a.begin > b.begin; });
  std::string rest = text;
  for (const WordScore& word : words)
    rest = WithoutWord(rest, {word.begin, word.end});
  return rest;
}

void Run(const std::string& folder) {
  const Bundle bundle = LoadBundle(folder);
  const auto model = LoadModel(bundle, DType::kFp32);
  const auto tokenizer =
      ParseWordPiece(ReadFile(bundle.vocabulary, ErrorKind::kSetup),
                     bundle.vocabulary, bundle.text);
  Engine engine;
  engine.text = bundle.text;
  engine.tokenizer = tokenizer.get();
  engine.model = model.get();
  const auto verdicts = [&](const std::vector<std::string>& texts) {
    std::vector<Evidence> rows;
    for (auto& vector : EncodeTexts(texts, *tokenizer, *model, bundle.text))
      rows.push_back({std::move(vector), {}, {}});
    return std::make_pair(rows, model->Fuse(rows));
  };

  std::mt19937 random(1);
  const char* names[] = {"highest scored", "random", "lowest scored"};
  std::vector<double> losses[3];
  int flipped[3] = {};
  for (std::string text; std::getline(std::cin, text);) {
    const auto [evidence, outputs] = verdicts({text});
    const Prediction whole = ToPrediction(outputs[0]);
    const auto label =
        std::max_element(whole.sentiment.begin(), whole.sentiment.end()) -
        whole.sentiment.begin();
    std::vector<WordScore> words =
        Explain(evidence[0], text, {}, whole, engine).words;
    const auto count = static_cast<std::size_t>(
        std::ceil(kDeleted * static_cast<double>(words.size())));
    if (words.size() < 5) continue;
    std::stable_sort(words.begin(), words.end(),
                     [](auto& a, auto& b) { return a.score > b.score; });
    std::vector<WordScore> mixed = words;
    for (std::size_t i = mixed.size() - 1; i > 0; --i)
      std::swap(mixed[i], mixed[random() % (i + 1)]);
    const std::vector<std::string> left = {
        Without(text, {words.begin(), words.begin() + count}),
        Without(text, {mixed.begin(), mixed.begin() + count}),
        Without(text, {words.end() - count, words.end()})};
    const auto rest = verdicts(left).second;
    for (int i = 0; i < 3; ++i) {
      const Prediction now = ToPrediction(rest[i]);
      losses[i].push_back(whole.sentiment[label] - now.sentiment[label]);
      flipped[i] +=
          std::max_element(now.sentiment.begin(), now.sentiment.end()) -
              now.sentiment.begin() !=
          label;
    }
  }
  for (int i = 0; i < 3; ++i) {
    const auto n = static_cast<double>(losses[i].size());
    const double mean =
        std::accumulate(losses[i].begin(), losses[i].end(), 0.0) / n;
    double squares = 0;
    for (const double loss : losses[i])
      squares += (loss - mean) * (loss - mean);
    std::printf(
        "%-15s %4.0f sentences: loses %.3f (standard error %.3f), "
        "another class in %.1f %%\n",
        names[i], n, mean, std::sqrt(squares / n / n), 100 * flipped[i] / n);
  }
}

}  // namespace
}  // namespace vsa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: explain_bench BUNDLE < SENTENCES\n");
    return 2;
  }
  try {
    vsa::Run(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "explain_bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
