// The one walk through a video's segments: whoever goes it gets the same
// segments, frames and faces.
#ifndef VSA_ANALYSIS_SEGMENT_WALK_H_
#define VSA_ANALYSIS_SEGMENT_WALK_H_

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/segment_faces.h"
#include "analysis/timeline.h"
#include "subtitle/source.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

// Gives segments out as the pictures go by. Not safe to share between threads.
template <typename Face>
class SegmentWalk {
 public:
  // `utterances` as ItemWords has them, `spec` that of who judges.
  SegmentWalk(std::vector<Segment> utterances, const SegmentSpec& spec,
              const Sampling& sampling)
      : reach_(sampling.keyframes
                   ? std::optional<Time>(std::llround(spec.pause * 1e6))
                   : std::nullopt),
        timeline_(std::move(utterances), spec, sampling.start, sampling.end),
        faces_(reach_) {}

  // Of the segments that will have words, in order. Only before Add.
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const Segment& utterance : timeline_.utterances()) {
      if (!utterance.text.empty()) texts.push_back(utterance.text);
    }
    return texts;
  }

  // The next frames, one at least, in the order of time. Returns the segments
  // that can no longer change.
  std::vector<SeenSegment<Face>> Add(std::vector<SeenFrame<Face>> frames) {
    // Keyframes are far apart: a segment between two waits for the next one.
    const Time now = frames.back().time - reach_.value_or(Time(0));
    faces_.Add(std::move(frames));
    std::vector<SeenSegment<Face>> seen =
        Take(timeline_.Advance(std::max(Time(0), now)));
    faces_.Gather(timeline_.next_reaches());
    return seen;
  }

  // The last frames, if any. The pictures ended at `end`, the sound perhaps
  // later, so that the media end at `media_end`. Returns the other segments.
  std::vector<SeenSegment<Face>> Finish(std::vector<SeenFrame<Face>> frames,
                                        Time end, Time media_end) {
    faces_.Add(std::move(frames));
    faces_.EndPictures(end);
    return Take(timeline_.Finish(end, media_end));
  }

 private:
  std::vector<SeenSegment<Face>> Take(std::vector<Segment> segments) {
    std::vector<SeenSegment<Face>> seen;
    for (Segment& segment : segments)
      seen.push_back(faces_.Take(std::move(segment)));
    return seen;
  }

  const std::optional<Time> reach_;  // for a frame
  Timeline timeline_;
  FacesBySegment<Face> faces_;
};

// Behind the walk: what was odd of the video, and of cues of `source` that
// start after its end (cue_after_end).
void AddWarnings(const VideoReader& reader, const SubtitleSource& source,
                 const Sampling& sampling, std::vector<Warning>* warnings);

}  // namespace vsa

#endif  // VSA_ANALYSIS_SEGMENT_WALK_H_
