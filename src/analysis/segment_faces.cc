#include "analysis/segment_faces.h"

#include <iterator>
#include <utility>

namespace vsa {

void FacesBySegment::Add(std::vector<EncodedFrame> frames) {
  std::move(frames.begin(), frames.end(), std::back_inserter(waiting_));
}

void FacesBySegment::Gather(Time time) {
  while (!waiting_.empty() && waiting_.front().time < time) {
    Give(waiting_.front());
    last_ = std::move(waiting_.front());
    waiting_.pop_front();
  }
}

SegmentFaces FacesBySegment::Take(const Segment& segment) {
  Gather(segment.end);
  if (frames_ == 0) {
    if (const EncodedFrame* nearest = Nearest(segment)) Give(*nearest);
  }
  SegmentFaces taken;
  taken.frames = std::exchange(frames_, 0);
  for (Face& face : faces_.Take()) {
    taken.evidence.vectors.push_back(std::move(face.vector));
    taken.evidence.weights.push_back(face.weight);
    taken.sources.push_back(face.source);
  }
  return taken;
}

void FacesBySegment::Give(const EncodedFrame& frame) {
  ++frames_;
  for (std::size_t i = 0; i < frame.vectors.size(); ++i) {
    faces_.Add(frame.weights[i],
               {frame.vectors[i], frame.weights[i], frame.sources[i]});
  }
}

const EncodedFrame* FacesBySegment::Nearest(const Segment& segment) const {
  if (!reach_ || segment.start >= pictures_end_) return nullptr;
  const EncodedFrame* before =
      last_ && segment.start - last_->time <= *reach_ ? &*last_ : nullptr;
  const EncodedFrame* after =
      !waiting_.empty() && waiting_.front().time - segment.end <= *reach_
          ? &waiting_.front()
          : nullptr;
  if (before == nullptr || after == nullptr)
    return before != nullptr ? before : after;
  return segment.start - before->time <= after->time - segment.end ? before
                                                                   : after;
}

}  // namespace vsa
