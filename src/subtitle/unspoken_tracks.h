// Tracks of times and texts that nobody says: pictures to preview a video by,
// chapters, data for programs.
#ifndef VSA_SUBTITLE_UNSPOKEN_TRACKS_H_
#define VSA_SUBTITLE_UNSPOKEN_TRACKS_H_

#include <string>

#include "subtitle/raw_subtitles.h"

namespace vsa {

// If nearly all captions are names of pictures ("sprite.jpg#xywh=0,0,160,90"),
// JSON, or titles that each stand for half a minute or more without a gap,
// removes them all, with the warning subtitle_no_speech. `name` is for the
// message.
void RemoveUnspoken(const std::string& name, RawSubtitles* subtitles);

// Removes all captions, which are `what` ("titles of chapters"), with that
// warning.
void RemoveAll(const std::string& name, const std::string& what,
               RawSubtitles* subtitles);

}  // namespace vsa

#endif  // VSA_SUBTITLE_UNSPOKEN_TRACKS_H_
