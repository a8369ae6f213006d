#include "backends/torch/model_torch.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_graph_optimizations.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using torch::Tensor;

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

// Runs `call` and turns what libtorch throws into an Error whose text starts
// with `path`.
template <typename Call>
auto Guarded(ErrorKind kind, const std::string& path, Call call)
    -> decltype(call()) {
  try {
    return call();
  } catch (const c10::Error& error) {
    throw Error(kind, path + ": " + FirstLine(error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    throw Error(kind, path + ": not enough memory");
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(kind, path + ": " + FirstLine(error.what()));
  }
}

std::string ShapeOf(const Tensor& tensor) {
  std::string text = std::string(c10::toString(tensor.scalar_type())) + " [";
  for (std::int64_t i = 0; i < tensor.dim(); ++i)
    text += (i ? "," : "") + std::to_string(tensor.size(i));
  return text + "]";
}

void UseOneThread() {
  at::set_num_threads(1);
  // at::set_num_threads does not reach OpenBLAS, which Debian's libtorch uses;
  // torch's own builds do not have it.
  using SetThreads = void (*)(int);
  if (const auto set = reinterpret_cast<SetThreads>(
          dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set(1);
}

class TorchModel : public Model {
 public:
  TorchModel(const Bundle& bundle, DType dtype)
      : path_(bundle.module), text_(bundle.text), frames_(bundle.frames) {
    Guarded(ErrorKind::kSetup, path_, [&] {
      c10::InferenceMode guard;
      module_ = torch::jit::load(path_, at::kCPU);
      CheckMethods();
      Prepare(dtype);
      CheckCalls();
    });
  }

  std::vector<std::vector<float>> EncodeText(
      const std::vector<std::vector<std::int32_t>>& rows) const override {
    if (rows.empty()) return {};
    return Guarded(ErrorKind::kInternal, path_, [&] {
      c10::InferenceMode guard;
      std::size_t longest = 0;
      for (const auto& row : rows) longest = std::max(longest, row.size());
      const auto count = static_cast<std::int64_t>(rows.size()),
                 length = static_cast<std::int64_t>(longest);
      Tensor ids = torch::full({count, length}, text_.pad, torch::kInt64);
      Tensor mask = torch::zeros({count, length}, torch::kInt64);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        std::copy(rows[i].begin(), rows[i].end(),
                  ids.data_ptr<std::int64_t>() + i * longest);
        std::fill_n(mask.data_ptr<std::int64_t>() + i * longest, rows[i].size(),
                    1);
      }
      return Rows(Call("encode_text", {ids, mask}).toTensor(), count,
                  text_.width, "encode_text");
    });
  }

  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override {
    if (images.empty()) return {};
    return Guarded(ErrorKind::kInternal, path_, [&] {
      c10::InferenceMode guard;
      const auto count = static_cast<std::int64_t>(images.size());
      Tensor pixels =
          torch::empty({count, frames_.size, frames_.size, 3}, torch::kUInt8);
      std::uint8_t* to = pixels.data_ptr<std::uint8_t>();
      for (const Image* image : images)
        to = std::copy(image->pixels.begin(), image->pixels.end(), to);
      return Rows(Call("encode_frames", {pixels}).toTensor(), count,
                  frames_.width, "encode_frames");
    });
  }

  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    if (evidence.empty()) return {};
    return Guarded(ErrorKind::kInternal, path_, [&] {
      c10::InferenceMode guard;
      std::size_t most = 0;
      for (const Evidence& one : evidence)
        most = std::max(most, one[kFrames].vectors.size());
      const auto count = static_cast<std::int64_t>(evidence.size()),
                 faces_count = static_cast<std::int64_t>(most);
      Tensor text = torch::zeros({count, text_.width});
      Tensor has_text = torch::zeros({count}, torch::kBool);
      Tensor faces = torch::zeros({count, faces_count, frames_.width});
      Tensor weights = torch::zeros({count, faces_count});
      for (std::size_t i = 0; i < evidence.size(); ++i) {
        for (const auto& vector : evidence[i][kText].vectors) {
          std::copy(vector.begin(), vector.end(),
                    text.data_ptr<float>() + i * text_.width);
          has_text.data_ptr<bool>()[i] = true;
        }
        const ModalityEvidence& one = evidence[i][kFrames];
        for (std::size_t f = 0; f < one.vectors.size(); ++f) {
          std::copy(one.vectors[f].begin(), one.vectors[f].end(),
                    faces.data_ptr<float>() + (i * most + f) * frames_.width);
          weights.data_ptr<float>()[i * most + f] = one.weights[f];
        }
      }
      const c10::IValue result = Call("fuse", {text, has_text, faces, weights});
      return Outputs(result, evidence, faces_count);
    });
  }

 private:
  c10::IValue Call(const char* method, std::vector<c10::IValue> inputs) const {
    at::init_num_threads();  // OpenMP keeps the count of threads for each
                             // calling thread
    return module_.get_method(method)(std::move(inputs));
  }

  [[noreturn]] void Break(const std::string& what) const {
    throw Error(ErrorKind::kSetup,
                path_ + ": breaks the contract of a bundle: " + what);
  }

  // Before any code of the module runs.
  void CheckMethods() const {
    const std::pair<const char*, std::size_t> expected[] = {
        {"encode_text", 2}, {"encode_frames", 1}, {"fuse", 4}};
    for (const auto& [name, inputs] : expected) {
      const auto method = module_.find_method(name);
      if (!method) Break(std::string("it has no method ") + name);
      const std::size_t found =
          method->function().getSchema().arguments().size() -
          1;  // without self
      if (found != inputs)
        Break(std::string(name) + " takes " + std::to_string(found) +
              " inputs, expected " + std::to_string(inputs));
    }
    for (const char* name : {"text", "visual"}) {
      if (!module_.hasattr(name) || !module_.attr(name).isModule())
        Break(std::string("it has no submodule ") + name);
    }
  }

  void Prepare(DType dtype) {
    module_.eval();
    if (module_.find_method("prepare")) Call("prepare", {});
    if (dtype == DType::kBf16) {
      module_.attr("text").toModule().to(at::kBFloat16);
      module_.attr("visual").toModule().to(at::kBFloat16);
    }
    // What torch::jit::freeze does, but that wants a method "forward".
    const std::vector<std::string> methods = {"encode_text", "encode_frames",
                                              "fuse"};
    module_ = torch::jit::freeze_module(module_, methods);
    for (const std::string& name : methods) {
      std::shared_ptr<torch::jit::Graph> graph =
          module_.get_method(name).graph();
      torch::jit::OptimizeFrozenGraph(graph);
    }
  }

  // One call of each, as small as can be: shapes and types are checked here, so
  // that a wrong module never costs a run.
  void CheckCalls() const {
    std::vector<Evidence> evidence(1, Evidence(kModalities.size()));
    evidence[0][kText] = {EncodeText({{text_.cls, text_.sep}}), {1}};
    const Image black{
        frames_.size, frames_.size,
        std::vector<std::uint8_t>(static_cast<std::size_t>(frames_.size) *
                                  frames_.size * 3)};
    evidence[0][kFrames] = {EncodeFrames({&black}), {1}};
    const FusionOutput output = Fuse(evidence)[0];
    if (!(std::abs(output.intensity) <= 3))
      Break("fuse gave an intensity outside of -3..3");
  }

  std::vector<std::vector<float>> Rows(const Tensor& tensor, std::int64_t count,
                                       std::int64_t width,
                                       const char* method) const {
    CheckShape(tensor, {count, width}, method);
    const Tensor rows = tensor.contiguous();
    std::vector<std::vector<float>> vectors;
    for (std::int64_t i = 0; i < count; ++i) {
      const float* row = rows.data_ptr<float>() + i * width;
      vectors.emplace_back(row, row + width);
    }
    return vectors;
  }

  void CheckShape(const Tensor& tensor, std::vector<std::int64_t> shape,
                  const char* method) const {
    if (tensor.scalar_type() != torch::kFloat32 ||
        tensor.sizes() != at::IntArrayRef(shape)) {
      Break(std::string(method) + " gave " + ShapeOf(tensor) + ", expected " +
            ShapeOf(torch::empty(shape)));
    }
  }

  std::vector<FusionOutput> Outputs(const c10::IValue& result,
                                    const std::vector<Evidence>& evidence,
                                    std::int64_t faces_count) const {
    if (!result.isTuple() || result.toTuple()->elements().size() != 4)
      Break("fuse must give four tensors");
    const auto& elements = result.toTuple()->elements();
    const auto count = static_cast<std::int64_t>(evidence.size());
    const std::vector<std::vector<std::int64_t>> shapes = {
        {count, 3}, {count}, {count, 7}, {count, faces_count}};
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      if (!elements[i].isTensor()) Break("fuse must give four tensors");
      CheckShape(elements[i].toTensor(), shapes[i], "fuse");
      tensors.push_back(elements[i].toTensor().contiguous());
      if (!torch::isfinite(tensors[i]).all().item<bool>()) {
        throw Error(ErrorKind::kInternal,
                    path_ + ": fuse gave a figure that is not finite");
      }
    }
    std::vector<FusionOutput> outputs(evidence.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      std::copy_n(tensors[0].data_ptr<float>() + i * 3, 3,
                  outputs[i].sentiment_logits.begin());
      outputs[i].intensity = tensors[1].data_ptr<float>()[i];
      std::copy_n(tensors[2].data_ptr<float>() + i * 7, 7,
                  outputs[i].emotion_logits.begin());
      const float* shares = tensors[3].data_ptr<float>() +
                            i * static_cast<std::size_t>(faces_count);
      outputs[i].shares.resize(kModalities.size());
      outputs[i].shares[kFrames].assign(
          shares, shares + evidence[i][kFrames].vectors.size());
    }
    return outputs;
  }

  const std::string path_;
  const TextSpec text_;
  const FrameSpec frames_;
  torch::jit::Module module_;
};

}  // namespace

std::unique_ptr<Model> LoadModel(const Bundle& bundle, DType dtype) {
  UseOneThread();
  // Without it the first calls of every new shape are slow: the profiling
  // executor watches them, then compiles.
  torch::jit::getExecutorMode() = false;
  return std::make_unique<TorchModel>(bundle, dtype);
}

}  // namespace vsa
