// Text tracks inside a video to cues.
#ifndef VSA_SUBTITLE_TRACK_H_
#define VSA_SUBTITLE_TRACK_H_

#include <string>

#include "subtitle/subtitle.h"
#include "vsa/text_track.h"

namespace vsa {

// The captions of a text track inside a video, by the rules of the files they
// came from; the format is "srt", "vtt", "ass", "ssa" or "mov_text". `name` is
// for messages, in which captions are counted from 1. A track that breaks off
// is a warning (subtitle_track_cut). Never fails.
Subtitles ParseTrack(const std::string& name, const std::string& codec,
                     const TrackText& track);

}  // namespace vsa

#endif  // VSA_SUBTITLE_TRACK_H_
