// The networks of a bundle, run by libtorch.
#ifndef VSA_MODEL_TORCH_H_
#define VSA_MODEL_TORCH_H_

#include <memory>

#include "bundle.h"
#include "vsa/model.h"

namespace vsa {

enum class DType { kFp32, kBf16 };

// bf16 where this CPU computes it natively: asked of its features, not measured.
DType NativeDType();

// Loads and checks bundle.module. Throws Error (kSetup), "PATH: reason", if it breaks the contract of a bundle.
// Call ConfigureTorch first.
std::unique_ptr<Model> LoadModel(const Bundle& bundle, DType dtype);

// One thread for each operation of torch and of its BLAS: results do not depend on the cores, and the parts of vsa run
// side by side instead. Once, before any model is loaded.
void ConfigureTorch();

}  // namespace vsa

#endif  // VSA_MODEL_TORCH_H_
