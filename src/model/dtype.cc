#include "model/dtype.h"

namespace vsa {

DType NativeDType() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16")) return DType::kBf16;
#endif
  return DType::kFp32;
}

}  // namespace vsa
