// The faces of a video, handed to the segments that they lie in.
#ifndef VSA_ANALYSIS_SEGMENT_FACES_H_
#define VSA_ANALYSIS_SEGMENT_FACES_H_

#include <deque>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/kept_faces.h"
#include "vsa/types.h"

namespace vsa {

// A sampled frame and what it holds. A Face has a `weight`.
template <typename Face>
struct SeenFrame {
  Time time{0};
  std::vector<Face> faces;
};

// A segment and what its pictures hold.
template <typename Face>
struct SeenSegment {
  Segment segment;
  int frames = 0;           // sampled
  std::vector<Face> faces;  // in order; those that are kept (kept_faces.h)
};

// Not safe to share between threads.
template <typename Face>
class FacesBySegment {
 public:
  // A segment without a frame of its own takes the nearest one that is at most
  // `reach` away, which other segments then have too; without `reach` it has
  // none.
  explicit FacesBySegment(std::optional<Time> reach) : reach_(reach) {}

  // Frames come in the order of time.
  void Add(std::vector<SeenFrame<Face>> frames) {
    std::move(frames.begin(), frames.end(), std::back_inserter(waiting_));
  }

  // All frames before `time` lie in the segment that is taken next, as those
  // that are yet to be added may. Of them no more is held than that segment
  // keeps.
  void Gather(Time time) {
    while (!waiting_.empty() && waiting_.front().time < time) {
      if (reach_) last_ = waiting_.front();
      Give(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }

  // No picture is shown at or after `end`: later segments have none.
  void EndPictures(Time end) { pictures_end_ = end; }

  // Segments come in the order of time. All frames before the end of
  // `segment`, and those within reach of it, have been added.
  SeenSegment<Face> Take(Segment segment) {
    Gather(segment.end);
    if (frames_ == 0) {
      if (const SeenFrame<Face>* nearest = Nearest(segment)) Give(*nearest);
    }
    return {std::move(segment), std::exchange(frames_, 0), faces_.Take()};
  }

 private:
  void Give(SeenFrame<Face> frame) {
    ++frames_;
    for (Face& face : frame.faces) {
      const float weight = face.weight;
      faces_.Add(weight, std::move(face));
    }
  }

  const SeenFrame<Face>* Nearest(const Segment& segment) const {
    if (!reach_ || segment.start >= pictures_end_) return nullptr;
    const SeenFrame<Face>* before =
        last_ && segment.start - last_->time <= *reach_ ? &*last_ : nullptr;
    const SeenFrame<Face>* after =
        !waiting_.empty() && waiting_.front().time - segment.end <= *reach_
            ? &waiting_.front()
            : nullptr;
    if (before == nullptr || after == nullptr)
      return before != nullptr ? before : after;
    return segment.start - before->time <= after->time - segment.end ? before
                                                                     : after;
  }

  const std::optional<Time> reach_;
  Time pictures_end_ = Time::max();
  int frames_ = 0;  // of the segment that is taken next
  KeptFaces<Face> faces_;
  std::deque<SeenFrame<Face>> waiting_;  // later ones
  std::optional<SeenFrame<Face>> last_;  // the one before them, if reached for
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_SEGMENT_FACES_H_
