#include "analysis/prediction.h"

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

void PredictionMean::Add(const Prediction& one, double weight) {
  weight_ += weight;
  for (std::size_t i = 0; i < sum_.sentiment.size(); ++i)
    sum_.sentiment[i] += weight * one.sentiment[i];
  for (std::size_t i = 0; i < sum_.emotions.size(); ++i)
    sum_.emotions[i] += weight * one.emotions[i];
  sum_.intensity += weight * one.intensity;
}

std::optional<Prediction> PredictionMean::Get() const {
  if (!(weight_ > 0)) return std::nullopt;
  Prediction mean = sum_;
  for (double& share : mean.sentiment) share /= weight_;
  for (double& share : mean.emotions) share /= weight_;
  mean.intensity /= weight_;
  return mean;
}

}  // namespace vsa
