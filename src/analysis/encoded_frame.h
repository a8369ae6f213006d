// A sampled frame after its crops were encoded.
#ifndef VSA_ANALYSIS_ENCODED_FRAME_H_
#define VSA_ANALYSIS_ENCODED_FRAME_H_

#include <vector>

#include "analysis/result_types.h"
#include "analysis/segment_faces.h"

namespace vsa {

struct EncodedFace {
  std::vector<float> vector;
  float weight = 1;
  FaceSource source;
};
using EncodedFrame = SeenFrame<EncodedFace>;

}  // namespace vsa

#endif  // VSA_ANALYSIS_ENCODED_FRAME_H_
