#include "backends/torch/part_torch.h"

#include <ATen/Parallel.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_graph_optimizations.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace vsa {
namespace {

// Bytes in memory, as libtorch reads a file.
class Bytes : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t start, void* to, std::size_t count,
                   const char* /*what*/) const override {
    if (start >= bytes_.size()) return 0;
    return bytes_.copy(static_cast<char*>(to), count, start);
  }

 private:
  const std::string bytes_;
};

// "(Tensor, int) -> Tensor" of a method.
std::string TypesOf(const c10::FunctionSchema& schema) {
  std::string inputs, outputs;
  const auto& arguments = schema.arguments();
  for (std::size_t i = 1; i < arguments.size(); ++i)  // without self
    inputs += (i > 1 ? ", " : "") + arguments[i].type()->annotation_str();
  for (const c10::Argument& output : schema.returns())
    outputs += (outputs.empty() ? "" : ", ") + output.type()->annotation_str();
  return "(" + inputs + ") -> " + outputs;
}

std::string ShapeOf(c10::ScalarType type, at::IntArrayRef shape) {
  std::string text = std::string(c10::toString(type)) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i ? "," : "") + std::to_string(shape[i]);
  return text + "]";
}

// OpenBLAS takes 128 MiB of addresses for a thread at its first call, and tries
// for ever where it does not get them. So where they are limited (`ulimit -v`)
// a thread's first call is made alone, once it is seen that there are as many.
class FirstCall {
 public:
  FirstCall() {
    thread_local bool done = false;
    rlimit limit{};
    if (std::exchange(done, true) || getrlimit(RLIMIT_AS, &limit) != 0 ||
        limit.rlim_cur == RLIM_INFINITY) {
      return;
    }
    static std::mutex alone;
    lock_ = std::unique_lock(alone);
    constexpr std::size_t kRoom = std::size_t{132} << 20;
    void* room = mmap(nullptr, kRoom, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) throw std::bad_alloc();
    munmap(room, kRoom);
  }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace

std::string ReasonOf(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return "not enough memory";
  const auto* of_torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text =
      of_torch ? of_torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

TorchPart::TorchPart(const std::string& path, std::string bytes,
                     const std::vector<Method>& methods, DType dtype)
    : path_(path) {
  try {
    c10::InferenceMode guard;
    module_ =
        torch::jit::load(std::make_shared<Bytes>(std::move(bytes)), at::kCPU);
    for (const Method& method : methods) CheckMethod(method);
    Prepare(methods, dtype);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::kSetup, path_ + ": " + ReasonOf(error));
  }
}

c10::IValue TorchPart::Call(const char* method,
                            std::vector<c10::IValue> inputs) const {
  const FirstCall first;
  at::init_num_threads();  // OpenMP keeps the count of threads for each
                           // calling thread
  return module_.get_method(method)(std::move(inputs));
}

void TorchPart::Break(const std::string& what) const {
  throw Error(ErrorKind::kSetup,
              path_ + ": breaks the contract of a bundle: " + what);
}

void TorchPart::CheckShape(const char* method, const torch::Tensor& tensor,
                           const std::vector<std::int64_t>& shape) const {
  // Those on "meta" have no figures.
  if (!tensor.device().is_cpu() || tensor.layout() != torch::kStrided)
    Break(std::string(method) + " gave a tensor that is not in memory");
  if (tensor.scalar_type() != torch::kFloat32 ||
      tensor.sizes() != at::IntArrayRef(shape)) {
    Break(std::string(method) + " gave " +
          ShapeOf(tensor.scalar_type(), tensor.sizes()) + ", expected " +
          ShapeOf(torch::kFloat32, shape));
  }
}

void TorchPart::CheckMethod(const Method& expected) const {
  const std::string name = expected.name;
  const auto method = module_.find_method(name);
  if (!method) Break("it has no method " + name);
  const std::string found = TypesOf(method->function().getSchema());
  if (found != expected.types)
    Break(name + " is " + found + ", expected " + expected.types);
}

void TorchPart::Prepare(const std::vector<Method>& methods, DType dtype) {
  module_.eval();
  at::init_num_threads();
  if (const auto prepare = module_.find_method("prepare")) (*prepare)({});
  if (dtype == DType::kBf16) module_.to(at::kBFloat16);
  // What torch::jit::freeze does, but that wants a method "forward".
  std::vector<std::string> names;
  for (const Method& method : methods) names.emplace_back(method.name);
  module_ = torch::jit::freeze_module(module_, names);
  for (const std::string& name : names) {
    std::shared_ptr<torch::jit::Graph> graph = module_.get_method(name).graph();
    torch::jit::OptimizeFrozenGraph(graph);
  }
  // Expanding and freezing leave as much again as the part itself needs.
  malloc_trim(0);
}

}  // namespace vsa
