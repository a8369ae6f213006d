// How faithful --explain is: what the predicted class's probability loses when
// a tenth to half of the words are deleted, the highest scored, random ones, or
// the lowest scored (DeYoung et al. 2020, "comprehensiveness"). Prints rows of
// a table. Usage: explain_bench BUNDLE < SENTENCES
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <map>
#include <numeric>
#include <random>

#include "analysis/evidence_source.h"
#include "analysis/explain.h"
#include "analysis/prediction.h"
#include "analysis/text_vectors.h"
#include "backends/torch/model_torch.h"
#include "model/bundle.h"
#include "tokenizer/wordpiece.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kShares[] = {.1, .2, .3, .4, .5};
constexpr const char* kWays[] = {"highest scored", "random", "lowest scored"};
constexpr std::size_t kFewestWords = 5;

std::size_t LabelOf(const Prediction& prediction) {
  const auto& p = prediction.sentiment;
  return static_cast<std::size_t>(std::max_element(p.begin(), p.end()) -
                                  p.begin());
}

// The text without the first `count` of `words`.
std::string Without(const std::string& text,
                    const std::vector<WordScore>& words, std::size_t count) {
  std::vector<WordSpan> spans;
  for (std::size_t i = 0; i < count; ++i)
    spans.push_back({words[i].begin, words[i].end});
  std::sort(spans.begin(), spans.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  return WithoutWords(text, spans);
}

struct Losses {
  std::vector<double> probability;
  int other_label = 0;
};

void Print(double share, const char* way, const Losses& losses) {
  const auto n = static_cast<double>(losses.probability.size());
  const double mean = std::accumulate(losses.probability.begin(),
                                      losses.probability.end(), 0.0) /
                      n;
  double squares = 0;
  for (const double loss : losses.probability)
    squares += (loss - mean) * (loss - mean);
  std::printf("| %.0f %% | %s | %.3f (%.3f) | %.1f %% |\n", share * 100, way,
              mean, std::sqrt(squares / n / n), 100 * losses.other_label / n);
}

void Run(const std::string& folder) {
  const Bundle bundle = LoadBundle(folder);
  const LazyModel model(bundle, DType::kFp32, TorchLoaders);
  const auto tokenizer = ParseWordPiece(ReadBundleFile(bundle.vocabulary),
                                        bundle.vocabulary.path, bundle.text);
  Judge judge;
  judge.text = bundle.text;
  judge.tokenizer = tokenizer.get();
  judge.model = &model;
  const auto fuse = [&](const std::vector<std::string>& texts) {
    std::vector<Evidence> rows;
    for (auto& vector : EncodeTexts(texts, *tokenizer, model, bundle.text))
      rows.push_back({TextEvidence(std::move(vector)), {}});
    return std::make_pair(rows, model.Fuse(rows));
  };

  std::mt19937 random(1);
  std::map<std::pair<double, std::size_t>, Losses> losses;
  for (std::string text; std::getline(std::cin, text);) {
    const auto [evidence, outputs] = fuse({text});
    const Prediction whole = ToPrediction(outputs[0]);
    const std::size_t label = LabelOf(whole);
    std::vector<WordScore> words =
        Explain(evidence[0], text, {}, outputs[0], judge).words;
    if (words.size() < kFewestWords) continue;
    std::vector<WordScore> orders[3] = {words, words, words};
    std::stable_sort(orders[0].begin(), orders[0].end(),
                     [](auto& a, auto& b) { return a.score > b.score; });
    for (std::size_t i = words.size() - 1; i > 0; --i)
      std::swap(orders[1][i], orders[1][random() % (i + 1)]);
    orders[2].assign(orders[0].rbegin(), orders[0].rend());
    for (const double share : kShares) {
      const auto count = static_cast<std::size_t>(
          std::ceil(share * static_cast<double>(words.size())));
      for (std::size_t way = 0; way < 3; ++way) {
        const Prediction rest =
            ToPrediction(fuse({Without(text, orders[way], count)}).second[0]);
        Losses& sum = losses[{share, way}];
        sum.probability.push_back(whole.sentiment[label] -
                                  rest.sentiment[label]);
        sum.other_label += LabelOf(rest) != label;
      }
    }
  }
  for (const auto& [place, sum] : losses)
    Print(place.first, kWays[place.second], sum);
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
