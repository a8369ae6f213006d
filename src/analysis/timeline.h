// The segments of a video, given out while its pictures go by: utterances, and
// the stretches without words between them.
#ifndef VSA_ANALYSIS_TIMELINE_H_
#define VSA_ANALYSIS_TIMELINE_H_

#include <optional>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// Segments are in time order, do not overlap, and cover the media from the
// start asked for to their end, if there are pictures at all. A stretch without
// words is one or several segments without text, of at most spec.longest (and
// never of less than 1 s where there is more to divide). A gap of less than 1 s
// belongs to the segment before it, at the start to the one after. Where sound
// goes on for longer than that behind the pictures, a stretch without words is
// divided at their end. An utterance goes on where the pictures end within it,
// up to the end of the media, sound included; one that begins behind that is
// after_end. The segments do not depend on when Advance is called. Not safe to
// share.
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
  // at `media_end`: the segments not yet given. An `end` of 0 says that there
  // are no pictures. Nothing may be called after it.
  std::vector<Segment> Finish(Time end, Time media_end);

 private:
  // Gives the segments that are settled once the pictures went up to `now`,
  // or, if they `ended`, the media up to `now`.
  std::vector<Segment> Take(Time now, bool ended);

  // Where `utterance`, the next one, ends if what is behind it is silent up to
  // `stop`, 1 s or more: where the pictures do, if that is at once.
  Time EndBefore(Time stop) const;

  // Gives [given_, stop) as segments without words, but keeps back what could
  // still grow unless `closed`.
  void TakePictures(Time stop, bool closed, std::vector<Segment>* out);

  std::vector<Segment> utterances_;
  size_t next_ = 0;  // the first utterance not yet given
  Time longest_;
  Time start_;
  std::optional<Time> end_;
  Time pictures_end_ = Time::max();
  Time given_;          // everything before it was given
  bool begun_ = false;  // the next utterance is the next segment
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_TIMELINE_H_
