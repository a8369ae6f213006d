#include "backends/torch/model_torch.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <torch/script.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "backends/torch/part_torch.h"
#include "backends/torch/speech_torch.h"
#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using torch::Tensor;
using Vectors = std::vector<std::vector<float>>;

void UseOneThread() {
  // at::set_num_threads would make a pool of a thread a core first, and hangs
  // where one of them cannot be started.
  setenv("OMP_NUM_THREADS", "1", 0);
  at::init_num_threads();
  // at::init_num_threads does not reach OpenBLAS, which Debian's libtorch uses;
  // torch's own builds do not have it.
  using SetThreads = void (*)(int);
  if (const auto set = reinterpret_cast<SetThreads>(
          dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set(1);
}

// What an encoder gave: a vector for each of `count` rows.
Vectors RowsOf(const c10::IValue& given, std::int64_t count, std::int64_t width,
               const TorchPart& part) {
  if (!given.isTensor()) part.Break("encode must give a tensor");
  const Tensor tensor = given.toTensor().contiguous();
  part.CheckShape("encode", tensor, {count, width});
  Vectors vectors;
  for (std::int64_t i = 0; i < count; ++i) {
    const float* row = tensor.data_ptr<float>() + i * width;
    vectors.emplace_back(row, row + width);
  }
  return vectors;
}

// Texts to vectors.
class TextPart {
 public:
  TextPart(const Bundle& bundle, std::string bytes, DType dtype)
      : spec_(bundle.text),
        part_(bundle.text_module.path, std::move(bytes),
              {{"encode", "(Tensor, Tensor) -> Tensor"}}, dtype) {}

  Vectors Encode(const std::vector<std::vector<std::int32_t>>& rows) const {
    return part_.Guarded([&] { return EncodeNow(rows); });
  }

 private:
  Vectors EncodeNow(const std::vector<std::vector<std::int32_t>>& rows) const {
    std::size_t longest = 0;
    for (const auto& row : rows) longest = std::max(longest, row.size());
    const auto count = static_cast<std::int64_t>(rows.size()),
               length = static_cast<std::int64_t>(longest);
    Tensor ids = torch::full({count, length}, spec_.pad, torch::kInt64);
    Tensor mask = torch::zeros({count, length}, torch::kInt64);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy(rows[i].begin(), rows[i].end(),
                ids.data_ptr<std::int64_t>() + i * longest);
      std::fill_n(mask.data_ptr<std::int64_t>() + i * longest, rows[i].size(),
                  1);
    }
    return RowsOf(part_.Call("encode", {ids, mask}), count, spec_.width, part_);
  }

  const TextSpec spec_;
  const TorchPart part_;
};

// Pictures to vectors.
class FramesPart {
 public:
  FramesPart(const Bundle& bundle, std::string bytes, DType dtype)
      : spec_(bundle.frames),
        part_(bundle.frames_module.path, std::move(bytes),
              {{"encode", "(Tensor) -> Tensor"}}, dtype) {}

  Vectors Encode(const std::vector<const Image*>& images) const {
    return part_.Guarded([&] { return EncodeNow(images); });
  }

 private:
  Vectors EncodeNow(const std::vector<const Image*>& images) const {
    const auto count = static_cast<std::int64_t>(images.size());
    Tensor pixels =
        torch::empty({count, spec_.size, spec_.size, 3}, torch::kUInt8);
    std::uint8_t* to = pixels.data_ptr<std::uint8_t>();
    for (const Image* image : images)
      to = std::copy(image->pixels.begin(), image->pixels.end(), to);
    return RowsOf(part_.Call("encode", {pixels}), count, spec_.width, part_);
  }

  const FrameSpec spec_;
  const TorchPart part_;
};

// What is known of segments to verdicts. It computes in fp32.
class FusionPart {
 public:
  FusionPart(const Bundle& bundle, std::string bytes)
      : widths_{bundle.text.width, bundle.frames.width},
        part_(bundle.fusion_module.path, std::move(bytes),
              {{"fuse", "(Dict[str, Tensor]) -> Dict[str, Tensor]"}},
              DType::kFp32) {}

  std::vector<FusionOutput> Fuse(const std::vector<Evidence>& evidence) const {
    return part_.Guarded([&] { return FuseNow(evidence); });
  }

 private:
  using Tensors = c10::Dict<std::string, Tensor>;

  std::vector<FusionOutput> FuseNow(
      const std::vector<Evidence>& evidence) const {
    Tensors inputs;
    for (std::size_t modality = 0; modality < kModalities.size(); ++modality) {
      if (kModalities[modality].several) {
        AddSeveral(modality, evidence, &inputs);
      } else {
        AddOne(modality, evidence, &inputs);
      }
    }
    return OutputsOf(part_.Call("fuse", {inputs}), evidence);
  }

  // Of a modality with at most one vector a segment: NAME and has_NAME.
  void AddOne(std::size_t modality, const std::vector<Evidence>& evidence,
              Tensors* inputs) const {
    const auto count = static_cast<std::int64_t>(evidence.size());
    Tensor vectors = torch::zeros({count, widths_[modality]});
    Tensor has = torch::zeros({count}, torch::kBool);
    float* to = vectors.data_ptr<float>();
    for (std::size_t i = 0; i < evidence.size(); ++i, to += widths_[modality]) {
      for (const std::vector<float>& vector : evidence[i][modality].vectors) {
        std::copy(vector.begin(), vector.end(), to);
        has.data_ptr<bool>()[i] = true;
      }
    }
    const std::string name = kModalities[modality].part;
    inputs->insert(name, vectors);
    inputs->insert("has_" + name, has);
  }

  // Of a modality with several: NAME and NAME_weight, padded.
  void AddSeveral(std::size_t modality, const std::vector<Evidence>& evidence,
                  Tensors* inputs) const {
    const auto count = static_cast<std::int64_t>(evidence.size());
    const std::int64_t most = MostOf(modality, evidence);
    Tensor vectors = torch::zeros({count, most, widths_[modality]});
    Tensor weights = torch::zeros({count, most});
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const ModalityEvidence& one = evidence[i][modality];
      const auto row = static_cast<std::int64_t>(i) * most;
      float* to = vectors.data_ptr<float>() + row * widths_[modality];
      for (const std::vector<float>& vector : one.vectors)
        to = std::copy(vector.begin(), vector.end(), to);
      std::copy(one.weights.begin(), one.weights.end(),
                weights.data_ptr<float>() + row);
    }
    const std::string name = kModalities[modality].part;
    inputs->insert(name, vectors);
    inputs->insert(name + "_weight", weights);
  }

  static std::int64_t MostOf(std::size_t modality,
                             const std::vector<Evidence>& evidence) {
    std::size_t most = 0;
    for (const Evidence& one : evidence)
      most = std::max(most, one[modality].vectors.size());
    return static_cast<std::int64_t>(most);
  }

  // The tensor `key` of what fuse gave.
  Tensor Given(const c10::IValue& result, const std::string& key,
               const std::vector<std::int64_t>& shape) const {
    if (!result.isGenericDict())
      part_.Break("fuse must give a dict of tensors");
    const auto dict = result.toGenericDict();
    const auto found = dict.find(key);
    if (found == dict.end() || !found->value().isTensor())
      part_.Break("fuse gave no tensor \"" + key + "\"");
    Tensor tensor = found->value().toTensor().contiguous();
    part_.CheckShape("fuse", tensor, shape);
    if (!torch::isfinite(tensor).all().item<bool>()) {
      throw Error(ErrorKind::kInternal,
                  part_.path() + ": fuse gave a figure that is not finite");
    }
    return tensor;
  }

  std::vector<FusionOutput> OutputsOf(
      const c10::IValue& result, const std::vector<Evidence>& evidence) const {
    const auto count = static_cast<std::int64_t>(evidence.size());
    const Tensor sentiment = Given(result, "sentiment", {count, 3});
    const Tensor intensity = Given(result, "intensity", {count});
    const Tensor emotions = Given(result, "emotions", {count, 7});
    std::vector<FusionOutput> outputs(evidence.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      std::copy_n(sentiment.data_ptr<float>() + i * 3, 3,
                  outputs[i].sentiment_logits.begin());
      outputs[i].intensity = intensity.data_ptr<float>()[i];
      if (!(std::abs(outputs[i].intensity) <= 3))
        part_.Break("fuse gave an intensity outside of -3..3");
      std::copy_n(emotions.data_ptr<float>() + i * 7, 7,
                  outputs[i].emotion_logits.begin());
      outputs[i].shares.resize(kModalities.size());
    }
    for (std::size_t modality = 0; modality < kModalities.size(); ++modality) {
      if (!kModalities[modality].several) continue;
      const std::int64_t most = MostOf(modality, evidence);
      const Tensor shares =
          Given(result, std::string(kModalities[modality].part) + "_share",
                {count, most});
      const float* row = shares.data_ptr<float>();
      for (std::size_t i = 0; i < outputs.size(); ++i, row += most) {
        outputs[i].shares[modality].assign(
            row, row + evidence[i][modality].vectors.size());
      }
    }
    return outputs;
  }

  const std::array<int, kModalities.size()> widths_;
  const TorchPart part_;
};

// What holds in the whole process, for every part.
void ConfigureTorch() {
  UseOneThread();
  // What a part prints: stdout carries results only.
  torch::jit::setPrintHandler([](const std::string& /*text*/) {});
  // Without it the first calls of every new shape are slow: the profiling
  // executor watches them, then compiles.
  torch::jit::getExecutorMode() = false;
}

TextEncoder LoadText(const Bundle& bundle, std::string bytes, DType dtype) {
  const auto part =
      std::make_shared<const TextPart>(bundle, std::move(bytes), dtype);
  return [part](const auto& rows) { return part->Encode(rows); };
}

FrameEncoder LoadFrames(const Bundle& bundle, std::string bytes, DType dtype) {
  const auto part =
      std::make_shared<const FramesPart>(bundle, std::move(bytes), dtype);
  return [part](const auto& images) { return part->Encode(images); };
}

Fusion LoadFusion(const Bundle& bundle, std::string bytes) {
  const auto part =
      std::make_shared<const FusionPart>(bundle, std::move(bytes));
  return [part](const auto& evidence) { return part->Fuse(evidence); };
}

}  // namespace

PartLoaders TorchLoaders() {
  ConfigureTorch();
  return {LoadText, LoadFrames, LoadFusion, LoadSpeech};
}

}  // namespace vsa
