// The text tracks of containers, through FFmpeg.
#ifndef VSA_BACKENDS_MEDIA_TEXT_TRACK_LIBAV_H_
#define VSA_BACKENDS_MEDIA_TEXT_TRACK_LIBAV_H_

#include "vsa/text_track.h"

namespace vsa {

// See TextTrackReader. Times are on the clock of the video's pictures. At most
// 200,000 captions of 100 MB are read. Pictures that carry captions, which the
// first few of them tell, are a track of CEA-608; of CEA-708 alone, which is
// not read, ReadTextTrack throws Error (kInput).
std::vector<TextTrack> ListTextTracks(const std::string& path);
TrackText ReadTextTrack(const std::string& path, int index);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_TEXT_TRACK_LIBAV_H_
