// Cuts the faces, or the whole picture, out of a frame, as the frame encoder
// wants to see them.
#ifndef VSA_BACKENDS_MEDIA_FACE_OPENCV_H_
#define VSA_BACKENDS_MEDIA_FACE_OPENCV_H_

#include <functional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// Gives a function from a frame to its crops, largest face first; none if no
// face is found. `detector` is a YuNet model (ONNX), the file at `path`; it
// is not looked at if `spec` asks for whole frames. Throws
// Error (kSetup) if it cannot be used. The function and its copies belong to
// one thread at a time; it throws Error (kInternal) if OpenCV fails.
//
// A face's crop is the square around the middle of its box whose side is the
// box's longer one plus the margins, filled up with the frame's border pixels
// where it reaches over the edge. A whole frame is squeezed into the square.
// Pictures shrink by area and grow linearly, as FER's pictures did for
// training.
std::function<std::vector<Crop>(const Frame&)> MakeCropper(
    const FrameSpec& spec, const std::string& path,
    const std::string& detector);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_FACE_OPENCV_H_
