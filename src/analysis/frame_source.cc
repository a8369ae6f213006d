#include "analysis/frame_source.h"

#include <utility>

#include "analysis/timed.h"

namespace vsa {
namespace {

// Closes a queue however its thread ends, so that the other side never waits in
// vain.
template <typename Queue>
struct Closer {
  Queue* queue;
  ~Closer() { queue->Close(); }
};
template <typename Queue>
Closer(Queue*) -> Closer<Queue>;

}  // namespace

FrameSource::FrameSource(VideoReader* reader, Cropper crop) {
  decoding_ =
      std::async(std::launch::async, [this, reader] { Decode(reader); });
  cropping_ = std::async(std::launch::async,
                         [this, crop = std::move(crop)] { CropAll(crop); });
}

FrameSource::~FrameSource() {
  frames_.Close();
  cropped_.Close();
}

std::optional<CroppedFrame> FrameSource::Next() {
  std::optional<CroppedFrame> frame = cropped_.Pop();
  if (!frame) {
    decoding_.get();
    cropping_.get();
  }
  return frame;
}

void FrameSource::Decode(VideoReader* reader) {
  const Closer closer{&frames_};
  while (true) {
    Frame frame;
    if (!Timed(&decode_seconds_, [&] { return reader->Next(&frame); })) return;
    if (!frames_.Push(std::move(frame))) return;
  }
}

void FrameSource::CropAll(const Cropper& crop) {
  const Closer take_no_more{&frames_};
  const Closer closer{&cropped_};
  while (std::optional<Frame> frame = frames_.Pop()) {
    CroppedFrame cropped{frame->time,
                         Timed(&crop_seconds_, [&] { return crop(*frame); })};
    if (!cropped_.Push(std::move(cropped))) return;
  }
}

}  // namespace vsa
