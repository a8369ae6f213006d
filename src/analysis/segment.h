// Captions to utterances: what is said in one go, and judged as one.
#ifndef VSA_ANALYSIS_SEGMENT_H_
#define VSA_ANALYSIS_SEGMENT_H_

#include <optional>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// Joins cues, which are sorted by start, into utterances. An utterance ends
//   where its text ends a sentence,
//   before a pause of more than spec.pause,
//   before a cue with which it would last longer than spec.longest,
//   before the first cue that begins at `media_end` or later, if it is known.
// A cue is never cut, so one alone may be longer, and sentences within it have
// no times of their own. A cue that begins before the last one ended is joined
// with it or cuts it short. The result is in time order and does not overlap;
// every end > start, no text is empty.
std::vector<Segment> JoinCues(const std::vector<Cue>& cues,
                              const SegmentSpec& spec,
                              std::optional<Time> media_end = std::nullopt);

}  // namespace vsa

#endif  // VSA_ANALYSIS_SEGMENT_H_
