// Captions that roll: each shows again what the last one showed, and adds a
// line. YouTube's automatic captions are such, and roll-up television captions.
#ifndef VSA_SUBTITLE_ROLLING_CAPTIONS_H_
#define VSA_SUBTITLE_ROLLING_CAPTIONS_H_

#include <vector>

#include "subtitle/raw_subtitles.h"

namespace vsa {

// If the file's captions roll, removes from each the words that were on the
// screen already; a caption may end without lines. Times are left as they are.
// Cues are sorted by start. Other files are not changed: "No." said again is
// said twice.
void RemoveRolledLines(std::vector<RawCue>* cues);

}  // namespace vsa

#endif  // VSA_SUBTITLE_ROLLING_CAPTIONS_H_
