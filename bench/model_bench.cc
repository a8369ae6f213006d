// How fast a bundle's networks run on one thread and on all: BERT tokens and
// ResNet50 pictures per second. Usage: model_bench BUNDLE fp32|bf16 THREADS.
// Prints one JSON line with the medians of 5 rounds and their spread.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "backends/torch/model_torch.h"
#include "model/bundle.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr int kRounds = 5;
constexpr std::size_t kBatch = 16;
constexpr std::size_t kTokens =
    32;  // of a row; a line of subtitles has 5 to 40

struct Rate {
  double median, least, most;  // per second
};

// Runs `work`, which does `amount` of something, on `threads` threads at once
// for a second a round.
Rate Measure(int threads, double amount, const std::function<void()>& work) {
  std::vector<double> rates;
  for (int round = 0; round <= kRounds; ++round) {
    std::vector<int> done(threads);
    std::vector<std::thread> running;
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                           start)
          .count();
    };
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        do {
          work();
          ++done[i];
        } while (seconds() < 1);
      });
    }
    for (std::thread& thread : running) thread.join();
    int total = 0;
    for (const int count : done) total += count;
    if (round > 0)
      rates.push_back(total * amount / seconds());  // the first warms up
  }
  std::sort(rates.begin(), rates.end());
  return {rates[kRounds / 2], rates.front(), rates.back()};
}

int Run(const std::string& folder, const std::string& dtype, int threads) {
  const auto start = std::chrono::steady_clock::now();
  const Bundle bundle = LoadBundle(folder);
  const LazyModel model(bundle, dtype == "bf16" ? DType::kBf16 : DType::kFp32,
                        TorchLoaders);
  model.Check();
  const double load =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();

  std::vector<std::vector<std::int32_t>> rows(
      kBatch, std::vector<std::int32_t>(kTokens));
  for (std::size_t i = 0; i < kBatch; ++i) {
    for (std::size_t t = 0; t < kTokens; ++t)
      rows[i][t] = static_cast<std::int32_t>(1 + (i * kTokens + t) % 500);
  }
  const int side = bundle.frames.size;
  Image image{
      side, side,
      std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>((i * 37 + 11) % 256);
  const std::vector<const Image*> images(kBatch, &image);

  const Rate text =
      Measure(threads, kBatch * kTokens, [&] { model.EncodeText(rows); });
  const Rate frames =
      Measure(threads, kBatch, [&] { model.EncodeFrames(images); });
  std::printf(
      "{\"bundle\": \"%s\", \"dtype\": \"%s\", \"threads\": %d, "
      "\"load_seconds\": %.3f, "
      "\"tokens_per_second\": [%.0f, %.0f, %.0f], \"pictures_per_second\": "
      "[%.1f, %.1f, %.1f]}\n",
      bundle.name.c_str(), dtype.c_str(), threads, load, text.least,
      text.median, text.most, frames.least, frames.median, frames.most);
  return 0;
}

}  // namespace
}  // namespace vsa

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: model_bench BUNDLE fp32|bf16 THREADS\n");
    return 2;
  }
  try {
    return vsa::Run(argv[1], argv[2], std::atoi(argv[3]));
  } catch (const vsa::Error& error) {
    std::fprintf(stderr, "model_bench: %s\n", error.what());
    return 1;
  }
}
