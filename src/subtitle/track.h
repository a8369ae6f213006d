// Text tracks inside a video to cues.
#ifndef VSA_SUBTITLE_TRACK_H_
#define VSA_SUBTITLE_TRACK_H_

#include <string>
#include <vector>

#include "subtitle/raw_subtitles.h"
#include "subtitle/subtitle.h"
#include "text/encoding.h"
#include "vsa/text_track.h"

namespace vsa {

// Makes the texts of a track UTF-8, and says from what: the encoding that is
// named (as DecodeText takes it), else what the captions are as a whole. Throws
// as DecodeText does.
DecodedText DecodeCaptions(const std::string& encoding, TrackText* track);

// The captions of a text track inside a video, by the rules of the files they
// came from; the format is "srt", "vtt", "ass", "ssa", "mov_text" or "cea608".
// `name` is for messages, in which captions are counted from 1; its texts are
// UTF-8. A track that breaks off is a warning (subtitle_track_cut). Never
// fails.
Subtitles ParseTrack(const std::string& name, const std::string& codec,
                     const TrackText& track);

// What ParseTrack makes cues of. `codec` is FFmpeg's name.
RawSubtitles ToRawSubtitles(const std::string& name, const std::string& codec,
                            const std::vector<TrackCaption>& captions);

}  // namespace vsa

#endif  // VSA_SUBTITLE_TRACK_H_
