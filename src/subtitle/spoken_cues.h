// Captions as they are shown to cues of what is said.
#ifndef VSA_SUBTITLE_SPOKEN_CUES_H_
#define VSA_SUBTITLE_SPOKEN_CUES_H_

#include <vector>

#include "subtitle/raw_subtitles.h"
#include "vsa/types.h"

namespace vsa {

// The words of `shown`, in the order of time, each said once: not again where a
// caption rolls, or goes on to show what another one shows. `shown` is in any
// order, and none of it has kOpenEnd.
std::vector<Cue> SpokenCues(std::vector<RawCue> shown);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SPOKEN_CUES_H_
