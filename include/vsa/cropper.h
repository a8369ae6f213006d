// The seam to what the frame encoder is shown of a frame: faces cut out, or the
// whole.
#ifndef VSA_CROPPER_H_
#define VSA_CROPPER_H_

#include <functional>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// A sampled frame's crops: none where it holds no evidence. A cropper and its
// copies belong to one thread at a time.
using Cropper = std::function<std::vector<Crop>(const Frame&)>;

}  // namespace vsa

#endif  // VSA_CROPPER_H_
