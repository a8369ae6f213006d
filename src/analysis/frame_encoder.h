// Crops of sampled frames to vectors, in batches on the workers of a pool. What
// a batch holds, and which frames come out together, follows from the frames
// alone, never from timing: what else is in a batch may decide the last bits of
// a vector.
#ifndef VSA_ANALYSIS_FRAME_ENCODER_H_
#define VSA_ANALYSIS_FRAME_ENCODER_H_

#include <cstddef>
#include <deque>
#include <future>
#include <optional>
#include <vector>

#include "analysis/encoded_frame.h"
#include "analysis/frame_source.h"
#include "base/task_pool.h"
#include "vsa/model.h"
#include "vsa/types.h"

namespace vsa {

// Not safe to share between threads.
class FrameEncoder {
 public:
  // Both must outlive the encoder.
  FrameEncoder(const Model* model, TaskPool* pool)
      : model_(model), pool_(pool) {}

  // In the order of time. Every 16 crops are given to the pool as a batch.
  void Add(CroppedFrame frame);

  // The frames that one call of Add completed, those of the earliest call
  // first. None if they are not encoded yet, unless `wait`, or if too many
  // batches are under way. Throws what the model throws.
  std::optional<std::vector<EncodedFrame>> Take(bool wait);

  // The frames that no call of Add completed. Call once, when Take has none
  // left. Throws what the model throws.
  std::vector<EncodedFrame> End();

  // Seconds at work of all threads together, for what was taken.
  double seconds() const { return seconds_; }

 private:
  struct Batch {
    std::vector<std::vector<float>> vectors;
    double seconds = 0;
  };
  // Frames that are complete together.
  struct Group {
    std::size_t frames = 0;
    std::size_t end = 0;  // of its crops, counted from the first of all
  };

  void Submit(std::size_t count);
  void CloseGroup();
  void Collect();
  std::vector<EncodedFrame> TakeFrames(std::size_t count);

  const Model* const model_;
  TaskPool* const pool_;
  double seconds_ = 0;

  std::deque<EncodedFrame> frames_;  // not taken, their vectors still to come
  std::deque<Crop> crops_;           // of the last frames, in no batch yet
  std::deque<Group> groups_;         // of the first frames
  std::size_t grouped_frames_ = 0;   // how many of frames_ that are
  std::size_t grouped_crops_ = 0;    // crops of all groups so far
  std::size_t submitted_ = 0;        // crops of all batches so far
  std::size_t collected_ = 0;        // those whose vectors have come
  std::deque<std::future<Batch>> batches_;  // the others, in order
  std::deque<std::vector<float>> vectors_;  // of crops whose frame is not taken
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_FRAME_ENCODER_H_
