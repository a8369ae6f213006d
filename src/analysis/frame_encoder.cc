#include "analysis/frame_encoder.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "analysis/timed.h"

namespace vsa {
namespace {

constexpr std::size_t kFramesInBatch = 16;

}  // namespace

void FrameEncoder::Add(CroppedFrame frame) {
  EncodedFrame encoded{frame.time, {}};
  for (Crop& crop : frame.crops) {
    encoded.faces.push_back(
        {{},
         crop.weight,
         {frame.time, crop.x, crop.y, crop.width, crop.height}});
    crops_.push_back(std::move(crop));
  }
  frames_.push_back(std::move(encoded));
  while (crops_.size() >= kFramesInBatch) Submit(kFramesInBatch);
  CloseGroup();
}

std::optional<std::vector<EncodedFrame>> FrameEncoder::Take(bool wait) {
  if (groups_.empty()) return std::nullopt;
  // Enough for every worker to have a batch at hand when it is done with one.
  const std::size_t most = 2 * static_cast<std::size_t>(pool_->workers());
  while (collected_ < groups_.front().end) {
    if (!wait && batches_.size() <= most &&
        batches_.front().wait_for(std::chrono::seconds(0)) !=
            std::future_status::ready)
      return std::nullopt;
    Collect();
  }
  const std::size_t count = groups_.front().frames;
  groups_.pop_front();
  grouped_frames_ -= count;
  return TakeFrames(count);
}

std::vector<EncodedFrame> FrameEncoder::End() {
  if (!crops_.empty()) Submit(crops_.size());
  while (!batches_.empty()) Collect();
  return TakeFrames(frames_.size());
}

// Gives the pool a batch of the first `count` crops.
void FrameEncoder::Submit(std::size_t count) {
  const auto end = crops_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Crop> crops(std::move_iterator(crops_.begin()),
                          std::move_iterator(end));
  crops_.erase(crops_.begin(), end);
  submitted_ += count;
  batches_.push_back(pool_->Submit([model = model_, crops = std::move(crops)] {
    std::vector<const Image*> images;
    for (const Crop& crop : crops) images.push_back(&crop.image);
    Batch batch;
    batch.vectors =
        Timed(&batch.seconds, [&] { return model->EncodeFrames(images); });
    return batch;
  }));
}

// The frames since the last group whose crops are all in batches are the next
// one.
void FrameEncoder::CloseGroup() {
  Group group;
  for (; grouped_frames_ < frames_.size(); ++grouped_frames_) {
    const std::size_t crops = frames_[grouped_frames_].faces.size();
    if (grouped_crops_ + crops > submitted_) break;
    grouped_crops_ += crops;
    ++group.frames;
  }
  group.end = grouped_crops_;
  if (group.frames > 0) groups_.push_back(group);
}

// Waits for the first batch under way.
void FrameEncoder::Collect() {
  Batch batch = batches_.front().get();
  batches_.pop_front();
  seconds_ += batch.seconds;
  collected_ += batch.vectors.size();
  std::move(batch.vectors.begin(), batch.vectors.end(),
            std::back_inserter(vectors_));
}

std::vector<EncodedFrame> FrameEncoder::TakeFrames(std::size_t count) {
  std::vector<EncodedFrame> taken;
  for (; count > 0; --count) {
    EncodedFrame frame = std::move(frames_.front());
    frames_.pop_front();
    for (EncodedFace& face : frame.faces) {
      face.vector = std::move(vectors_.front());
      vectors_.pop_front();
    }
    taken.push_back(std::move(frame));
  }
  return taken;
}

}  // namespace vsa
