// The sampled frames of a video as the frame encoder sees them, made ahead of
// the thread that takes them.
#ifndef VSA_ANALYSIS_FRAME_SOURCE_H_
#define VSA_ANALYSIS_FRAME_SOURCE_H_

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/bounded_queue.h"
#include "base/task_pool.h"
#include "base/thread_group.h"
#include "vsa/cropper.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

// A sampled frame after its crops were cut.
struct CroppedFrame {
  Time time{0};
  std::vector<Crop> crops;
};

// Croppers for as many threads as crop at the same time: one alone is for one
// thread.
class Croppers {
 public:
  // Makes the first one at once: what is wrong with it is thrown here.
  explicit Croppers(std::function<Cropper()> make);

  // Safe from several threads. Throws what the cropper throws.
  std::vector<Crop> CropsOf(const Frame& frame);

 private:
  Cropper Take();

  std::function<Cropper()> make_;
  std::mutex mutex_;
  std::vector<Cropper> idle_;
};

// Decodes on a thread of its own and crops on the workers of a pool.
class FrameSource {
 public:
  // `reader` and `pool` must outlive the source.
  FrameSource(VideoReader* reader, const std::function<Cropper()>& make_cropper,
              TaskPool* pool);

  // In order; none at the end. Throws what decoding or cropping threw.
  std::optional<CroppedFrame> Next();

  // Seconds at work of all threads together, once Next gave none.
  double decode_seconds() const { return decode_seconds_; }
  double crop_seconds() const { return crop_seconds_; }

 private:
  struct Cropped {
    CroppedFrame frame;
    double seconds = 0;
  };

  void Decode(VideoReader* reader);

  const std::shared_ptr<Croppers> croppers_;
  TaskPool* const pool_;
  // Crops are small; of their frames the pool holds few.
  BoundedQueue<std::future<Cropped>> cropped_{64};
  double decode_seconds_ = 0;
  double crop_seconds_ = 0;
  ThreadGroup decoding_{[this] { cropped_.Close(); }};  // last: it ends before
                                                        // what it uses
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_FRAME_SOURCE_H_
