// The sampled frames of a video as the frame encoder sees them, made ahead of
// the thread that takes them.
#ifndef VSA_ANALYSIS_FRAME_SOURCE_H_
#define VSA_ANALYSIS_FRAME_SOURCE_H_

#include <cstddef>
#include <future>
#include <optional>
#include <vector>

#include "analysis/analyze.h"
#include "analysis/bounded_queue.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

// A sampled frame after its crops were cut.
struct CroppedFrame {
  Time time{0};
  std::vector<Crop> crops;
};

// Decodes and crops on two threads of its own.
class FrameSource {
 public:
  // `reader` must outlive the source.
  FrameSource(VideoReader* reader, Cropper crop);
  ~FrameSource();

  // In order; none at the end. Throws what decoding or cropping threw.
  std::optional<CroppedFrame> Next();

  // Seconds at work, once Next gave none.
  double decode_seconds() const { return decode_seconds_; }
  double crop_seconds() const { return crop_seconds_; }

 private:
  void Decode(VideoReader* reader);
  void CropAll(const Cropper& crop);

  // Between two stages: enough to bridge a slow one, few enough for 4K
  // pictures.
  BoundedQueue<Frame> frames_{4};
  BoundedQueue<CroppedFrame> cropped_{64};
  double decode_seconds_ = 0;
  double crop_seconds_ = 0;
  std::future<void> decoding_;  // last: they end before what they use
  std::future<void> cropping_;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_FRAME_SOURCE_H_
