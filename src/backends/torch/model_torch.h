// The networks of a bundle, run by libtorch.
#ifndef VSA_BACKENDS_TORCH_MODEL_TORCH_H_
#define VSA_BACKENDS_TORCH_MODEL_TORCH_H_

#include "model/lazy_model.h"

namespace vsa {

// The parts that these load may be shared between threads. From the call on
// every operation of torch and of its BLAS uses one thread, in the whole
// process: results do not depend on the cores, and the parts of vsa run side by
// side instead.
PartLoaders TorchLoaders();

}  // namespace vsa

#endif  // VSA_BACKENDS_TORCH_MODEL_TORCH_H_
