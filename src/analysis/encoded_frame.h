// A sampled frame after its crops were encoded.
#ifndef VSA_ANALYSIS_ENCODED_FRAME_H_
#define VSA_ANALYSIS_ENCODED_FRAME_H_

#include <vector>

#include "analysis/result_types.h"
#include "vsa/types.h"

namespace vsa {

// A vector, weight and source for each crop.
struct EncodedFrame {
  Time time{0};
  std::vector<std::vector<float>> vectors;
  std::vector<float> weights;
  std::vector<FaceSource> sources;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_ENCODED_FRAME_H_
