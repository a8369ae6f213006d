#include "analysis/text_vectors.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "analysis/text_windows.h"

namespace vsa {
namespace {

using Vector = std::vector<float>;

constexpr std::size_t kTextsInBatch = 16;

// The mean of the vectors of a text's windows, by their count of tokens.
Vector MeanOfWindows(const std::vector<Vector>& vectors,
                     const std::vector<std::size_t>& tokens) {
  if (vectors.size() == 1) return vectors[0];
  std::vector<double> sum(vectors[0].size());
  double count = 0;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    count += static_cast<double>(tokens[i]);
    for (std::size_t d = 0; d < sum.size(); ++d)
      sum[d] += static_cast<double>(tokens[i]) * vectors[i][d];
  }
  Vector mean;
  for (const double d : sum) mean.push_back(static_cast<float>(d / count));
  return mean;
}

}  // namespace

std::vector<Vector> EncodeTexts(const std::vector<std::string>& texts,
                                const Tokenizer& tokenizer, const Model& model,
                                const TextSpec& spec) {
  struct Window {
    std::size_t text;
    std::vector<std::int32_t> ids;
    Vector vector;
  };
  std::vector<Window> windows;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (auto& ids : CutIntoWindows(texts[i], tokenizer, spec))
      windows.push_back({i, std::move(ids), {}});
  }
  // Rows of like length share a batch, so that little is spent on padding.
  std::vector<std::size_t> order(windows.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return windows[a].ids.size() < windows[b].ids.size();
                   });
  for (std::size_t start = 0; start < order.size(); start += kTextsInBatch) {
    const std::size_t end = std::min(order.size(), start + kTextsInBatch);
    std::vector<std::vector<std::int32_t>> rows;
    for (std::size_t i = start; i < end; ++i)
      rows.push_back(windows[order[i]].ids);
    std::vector<Vector> vectors = model.EncodeText(rows);
    for (std::size_t i = start; i < end; ++i)
      windows[order[i]].vector = std::move(vectors[i - start]);
  }
  std::vector<Vector> means(texts.size());
  for (std::size_t i = 0; i < windows.size();) {
    const std::size_t text = windows[i].text;
    std::vector<Vector> vectors;
    std::vector<std::size_t> tokens;
    for (; i < windows.size() && windows[i].text == text; ++i) {
      vectors.push_back(std::move(windows[i].vector));
      tokens.push_back(windows[i].ids.size() - 2);
    }
    means[text] = MeanOfWindows(vectors, tokens);
  }
  return means;
}

}  // namespace vsa
