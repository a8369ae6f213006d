// The figures that the networks compute with.
#ifndef VSA_MODEL_DTYPE_H_
#define VSA_MODEL_DTYPE_H_

namespace vsa {

enum class DType { kFp32, kBf16 };

// bf16 where this CPU computes it natively: asked of its features, not
// measured.
DType NativeDType();

}  // namespace vsa

#endif  // VSA_MODEL_DTYPE_H_
