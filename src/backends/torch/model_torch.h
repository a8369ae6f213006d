// The networks of a bundle, run by libtorch.
#ifndef VSA_BACKENDS_TORCH_MODEL_TORCH_H_
#define VSA_BACKENDS_TORCH_MODEL_TORCH_H_

#include <memory>

#include "model/bundle.h"
#include "model/dtype.h"
#include "vsa/model.h"

namespace vsa {

// Loads and checks bundle.module. Throws Error (kSetup), "PATH: reason", if it
// breaks the contract of a bundle. From then on every operation of torch and of
// its BLAS uses one thread, in the whole process: results do not depend on the
// cores, and the parts of vsa run side by side instead.
std::unique_ptr<Model> LoadModel(const Bundle& bundle, DType dtype);

}  // namespace vsa

#endif  // VSA_BACKENDS_TORCH_MODEL_TORCH_H_
