// The segments of a video, given out while its pictures go by: utterances, and
// the stretches without words between them.
#ifndef VSA_ANALYSIS_TIMELINE_H_
#define VSA_ANALYSIS_TIMELINE_H_

#include <optional>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// Segments are in time order, do not overlap, and cover the pictures from the
// start asked for to their end. A stretch without words is one or several
// segments without text, of at most spec.longest (and never of less than 1 s
// where there is more to divide). A gap of less than 1 s belongs to the segment
// before it, at the start to the one after. An utterance goes on where the
// pictures end within it, up to the end of the media, sound included; one that
// begins between these two ends is text alone, one behind both is after_end.
// The segments do not depend on when Advance is called. Not safe to share.
class Timeline {
 public:
  // `utterances` as JoinCues gives them. Those outside [start, end) are left
  // out, those across an edge are cut. spec.longest counts as 1 s at least.
  Timeline(std::vector<Segment> utterances, const SegmentSpec& spec,
           Time start = Time(0), std::optional<Time> end = std::nullopt);

  // The utterances that will be given, in order. Only before Advance.
  const std::vector<Segment>& utterances() const { return utterances_; }

  // The next segment that is given ends at this time or later, or at the end of
  // the media: all that was not given and lies before it is that segment's.
  Time next_reaches() const;

  // All pictures before `now` were seen: the segments not yet given that can
  // no longer change. `now` never goes back.
  std::vector<Segment> Advance(Time now);

  // The pictures ended at `end`, the sound perhaps later, so that the media end
  // at `media_end`: the segments not yet given. An `end` at the start says that
  // there are no pictures. Nothing may be called after it.
  std::vector<Segment> Finish(Time end, Time media_end);

 private:
  // Gives the segments that are settled once the pictures went up to `now`,
  // which is their end if there is a `media_end`.
  std::vector<Segment> Take(Time now, std::optional<Time> media_end);

  // Gives [given_, stop) as segments without words, but keeps back what could
  // still grow unless `closed`.
  void TakePictures(Time stop, bool closed, std::vector<Segment>* out);

  std::vector<Segment> utterances_;
  size_t next_ = 0;  // the first utterance not yet given
  Time longest_;
  Time start_;
  std::optional<Time> end_;
  Time given_;          // everything before it was given
  bool begun_ = false;  // the next utterance is the next segment
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_TIMELINE_H_
