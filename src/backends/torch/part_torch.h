// One part of a bundle: a TorchScript file with its methods, run by libtorch.
#ifndef VSA_BACKENDS_TORCH_PART_TORCH_H_
#define VSA_BACKENDS_TORCH_PART_TORCH_H_

#include <torch/script.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "model/dtype.h"
#include "vsa/error.h"

namespace vsa {

// The first line of what libtorch, or another library, threw.
std::string ReasonOf(const std::exception& error);

// Safe to share between threads.
class TorchPart {
 public:
  struct Method {
    const char* name;
    const char* types;  // as TorchScript has them: "(Tensor, int) -> Tensor"
  };

  // `bytes` are the file at `path`. They are prepared and converted to `dtype`.
  // Throws Error (kSetup) if they are no TorchScript or lack one of `methods`
  // with its types, which is told before any code of theirs runs.
  TorchPart(const std::string& path, std::string bytes,
            const std::vector<Method>& methods, DType dtype);

  // Runs `use`, which calls the part and checks what it gives. What libtorch
  // throws becomes an Error: kSetup until the part was used once, as it then
  // may not be what the bundle needs; kInternal later.
  template <typename Use>
  auto Guarded(Use use) const -> decltype(use()) {
    try {
      c10::InferenceMode guard;
      auto result = use();
      proven_ = true;
      return result;
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      throw Error(proven_ ? ErrorKind::kInternal : ErrorKind::kSetup,
                  path_ + ": " + ReasonOf(error));
    }
  }

  // Throws what libtorch throws.
  c10::IValue Call(const char* method, std::vector<c10::IValue> inputs) const;

  const std::string& path() const { return path_; }

  // Throws Error (kSetup): what the part gave is `what`.
  [[noreturn]] void Break(const std::string& what) const;

  // Breaks unless `tensor`, which `method` gave, is of float32 and `shape` and
  // has its figures in memory.
  void CheckShape(const char* method, const torch::Tensor& tensor,
                  const std::vector<std::int64_t>& shape) const;

 private:
  void CheckMethod(const Method& method) const;
  void Prepare(const std::vector<Method>& methods, DType dtype);

  const std::string path_;
  mutable std::atomic<bool> proven_{false};
  torch::jit::Module module_;
};

}  // namespace vsa

#endif  // VSA_BACKENDS_TORCH_PART_TORCH_H_
