#include "backends/torch/speech_torch.h"

#include <torch/script.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <utility>

#include "backends/torch/part_torch.h"

namespace vsa {
namespace {

using torch::Tensor;

constexpr std::int64_t kSamples = 480000;  // of a window: 30 s

Tensor TensorOf(const std::vector<std::int64_t>& numbers) {
  return torch::tensor(numbers, torch::kInt64);
}

class TorchSpeechDecoder : public SpeechDecoder {
 public:
  TorchSpeechDecoder(const TorchPart& part, int vocabulary, Tensor cross)
      : part_(part),
        vocabulary_(vocabulary),
        cross_(std::move(cross)),
        cache_(torch::empty({0})) {}

  std::vector<SpeechNext> Step(
      const std::vector<std::vector<SpeechToken>>& tokens) override {
    return part_.Guarded([&] { return StepNow(tokens); });
  }

  void Keep(const std::vector<std::size_t>& rows) override {
    part_.Guarded([&] {
      const Tensor kept =
          TensorOf(std::vector<std::int64_t>(rows.begin(), rows.end()));
      if (cross_.size(2) > 1)
        cross_ = part_.Call("select", {cross_, kept}).toTensor();
      cache_ = part_.Call("select", {cache_, kept}).toTensor();
      return true;
    });
  }

 private:
  std::vector<SpeechNext> StepNow(
      const std::vector<std::vector<SpeechToken>>& tokens) {
    const auto rows = static_cast<std::int64_t>(tokens.size());
    const auto length = static_cast<std::int64_t>(tokens[0].size());
    std::vector<std::int64_t> all;
    for (const std::vector<SpeechToken>& row : tokens)
      all.insert(all.end(), row.begin(), row.end());
    const c10::IValue given = part_.Call(
        "step",
        {TensorOf(all).view({rows, length}), position_, cache_, cross_});
    if (!given.isTuple() || given.toTupleRef().elements().size() != 3)
      part_.Break("step must give three tensors");
    const auto& elements = given.toTupleRef().elements();
    for (const c10::IValue& element : elements)
      if (!element.isTensor()) part_.Break("step must give three tensors");
    const Tensor logits = elements[0].toTensor().contiguous();
    part_.CheckShape("step", logits, {rows, vocabulary_});
    cache_ = elements[1].toTensor();
    position_ += length;
    const std::int64_t states = cross_.size(4);
    const Tensor attention = elements[2].toTensor().contiguous();
    part_.CheckShape("step", attention, {rows, length, states});
    std::vector<SpeechNext> out;
    for (std::int64_t i = 0; i < rows; ++i) {
      const float* row = logits.data_ptr<float>() + i * vocabulary_;
      const float* last =
          attention.data_ptr<float>() + ((i + 1) * length - 1) * states;
      out.push_back({{row, row + vocabulary_}, {last, last + states}});
    }
    return out;
  }

  const TorchPart& part_;
  const int vocabulary_;
  Tensor cross_;  // keys and values of the windows' states, or of one for all
  Tensor cache_;  // and of what is written
  std::int64_t position_ = 0;
};

class TorchSpeechStates : public SpeechStates {
 public:
  TorchSpeechStates(const TorchPart& decoder, int vocabulary, Tensor cross)
      : decoder_(decoder), vocabulary_(vocabulary), cross_(std::move(cross)) {}

  std::unique_ptr<SpeechDecoder> Begin(
      const std::vector<std::size_t>& windows) const override {
    return decoder_.Guarded([&] {
      std::vector<std::int64_t> rows(windows.begin(), windows.end());
      // All rows of one window look at the same states.
      if (std::count(rows.begin(), rows.end(), rows.front()) ==
          static_cast<std::ptrdiff_t>(rows.size())) {
        rows.resize(1);
      }
      std::vector<std::int64_t> all(static_cast<std::size_t>(cross_.size(2)));
      std::iota(all.begin(), all.end(), std::int64_t{0});
      Tensor cross =
          rows == all
              ? cross_
              : decoder_.Call("select", {cross_, TensorOf(rows)}).toTensor();
      return std::make_unique<TorchSpeechDecoder>(decoder_, vocabulary_,
                                                  std::move(cross));
    });
  }

 private:
  const TorchPart& decoder_;
  const int vocabulary_;
  const Tensor cross_;
};

class TorchSpeechModel : public SpeechModel {
 public:
  TorchSpeechModel(const SpeechBundle& bundle, std::string encoder,
                   std::string decoder, DType dtype)
      : width_(bundle.width),
        vocabulary_(bundle.spec.vocabulary),
        encoder_(bundle.encoder.path, std::move(encoder),
                 {{"encode", "(Tensor) -> Tensor"}}, dtype),
        decoder_(
            bundle.decoder.path, std::move(decoder),
            {{"start", "(Tensor) -> Tensor"},
             {"step",
              "(Tensor, int, Tensor, Tensor) -> Tuple[Tensor, Tensor, Tensor]"},
             {"select", "(Tensor, Tensor) -> Tensor"}},
            dtype) {}

  std::unique_ptr<SpeechStates> Encode(
      const std::vector<std::vector<float>>& windows) const override {
    const Tensor states = encoder_.Guarded([&] { return EncodeNow(windows); });
    return decoder_.Guarded([&] {
      const c10::IValue cross = decoder_.Call("start", {states});
      if (!cross.isTensor() || cross.toTensor().dim() != 6)
        decoder_.Break("start must give a tensor of six dimensions");
      return std::make_unique<TorchSpeechStates>(decoder_, vocabulary_,
                                                 cross.toTensor());
    });
  }

 private:
  Tensor EncodeNow(const std::vector<std::vector<float>>& windows) const {
    std::vector<Tensor> states;
    for (const std::vector<float>& window : windows) {
      Tensor samples = torch::zeros({1, kSamples});
      const auto size =
          std::min(window.size(), static_cast<std::size_t>(kSamples));
      std::memcpy(samples.data_ptr<float>(), window.data(),
                  size * sizeof(float));
      const c10::IValue given = encoder_.Call("encode", {samples});
      if (!given.isTensor()) encoder_.Break("encode must give a tensor");
      states.push_back(given.toTensor());
      encoder_.CheckShape("encode", states.back(),
                          {1, states.back().size(1), width_});
    }
    return torch::cat(states);
  }

  const int width_;
  const int vocabulary_;
  const TorchPart encoder_;
  const TorchPart decoder_;
};

}  // namespace

std::unique_ptr<SpeechModel> LoadSpeech(const SpeechBundle& bundle,
                                        std::string encoder,
                                        std::string decoder, DType dtype) {
  return std::make_unique<TorchSpeechModel>(bundle, std::move(encoder),
                                            std::move(decoder), dtype);
}

}  // namespace vsa
