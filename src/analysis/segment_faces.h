// The encoded faces of a video, handed to the segments that they lie in.
#ifndef VSA_ANALYSIS_SEGMENT_FACES_H_
#define VSA_ANALYSIS_SEGMENT_FACES_H_

#include <deque>
#include <optional>
#include <vector>

#include "analysis/encoded_frame.h"
#include "analysis/kept_faces.h"
#include "analysis/result_types.h"
#include "vsa/model.h"
#include "vsa/types.h"

namespace vsa {

// What the pictures of one segment hold.
struct SegmentFaces {
  int frames = 0;                   // sampled
  ModalityEvidence evidence;        // of the faces that are kept
  std::vector<FaceSource> sources;  // one a vector
};

// Not safe to share between threads.
class FacesBySegment {
 public:
  // A segment without a frame of its own takes the nearest one that is at most
  // `reach` away, which other segments then have too; without `reach` it has
  // none.
  explicit FacesBySegment(std::optional<Time> reach) : reach_(reach) {}

  // Frames come in the order of time.
  void Add(std::vector<EncodedFrame> frames);

  // All frames before `time` lie in the segment that is taken next, as those
  // that are yet to be added may. Of them no more is held than that segment
  // keeps.
  void Gather(Time time);

  // No picture is shown at or after `end`: later segments have none.
  void EndPictures(Time end) { pictures_end_ = end; }

  // Segments come in the order of time. All frames before the end of
  // `segment`, and those within reach of it, have been added.
  SegmentFaces Take(const Segment& segment);

 private:
  struct Face {
    std::vector<float> vector;
    float weight;
    FaceSource source;
  };

  void Give(const EncodedFrame& frame);
  const EncodedFrame* Nearest(const Segment& segment) const;

  const std::optional<Time> reach_;
  Time pictures_end_ = Time::max();
  int frames_ = 0;  // of the segment that is taken next
  KeptFaces<Face> faces_;
  std::deque<EncodedFrame> waiting_;  // later ones
  std::optional<EncodedFrame> last_;  // the one before them
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_SEGMENT_FACES_H_
