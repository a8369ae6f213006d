#include "analysis/frame_source.h"

#include <utility>

#include "analysis/timed.h"

namespace vsa {

Croppers::Croppers(std::function<Cropper()> make) : make_(std::move(make)) {
  idle_.push_back(make_());
}

std::vector<Crop> Croppers::CropsOf(const Frame& frame) {
  Cropper cropper = Take();
  std::vector<Crop> crops = cropper(frame);
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.push_back(std::move(cropper));
  return crops;
}

Cropper Croppers::Take() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      Cropper cropper = std::move(idle_.back());
      idle_.pop_back();
      return cropper;
    }
  }
  return make_();
}

FrameSource::FrameSource(VideoReader* reader,
                         const std::function<Cropper()>& make_cropper,
                         TaskPool* pool)
    : croppers_(std::make_shared<Croppers>(make_cropper)), pool_(pool) {
  decoding_.Start([this, reader] { Decode(reader); });
}

std::optional<CroppedFrame> FrameSource::Next() {
  std::optional<std::future<Cropped>> next = cropped_.Pop();
  if (!next) {
    decoding_.Join();
    return std::nullopt;
  }
  Cropped cropped = next->get();
  crop_seconds_ += cropped.seconds;
  return std::move(cropped.frame);
}

void FrameSource::Decode(VideoReader* reader) {
  while (true) {
    const auto frame = std::make_shared<Frame>();
    if (!Timed(&decode_seconds_, [&] { return reader->Next(frame.get()); }))
      break;
    std::future<Cropped> cropped = pool_->Submit([frame, croppers = croppers_] {
      Cropped result{{frame->time, {}}, 0};
      result.frame.crops =
          Timed(&result.seconds, [&] { return croppers->CropsOf(*frame); });
      return result;
    });
    if (!cropped_.Push(std::move(cropped))) break;
  }
  cropped_.Close();
}

}  // namespace vsa
