#include "prediction.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vsa {
namespace {

template <std::size_t N>
std::array<double, N> Softmax(const std::array<float, N>& logits) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  std::array<double, N> shares{};
  for (std::size_t i = 0; i < N; ++i)
    shares[i] = std::exp(static_cast<double>(logits[i]) - largest);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

Prediction ToPrediction(const FusionOutput& output) {
  return {Softmax(output.sentiment_logits), output.intensity,
          Softmax(output.emotion_logits)};
}

}  // namespace vsa
