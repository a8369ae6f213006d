// WebVTT as MP4 keeps it ("wvtt", ISO/IEC 14496-30): boxes instead of lines.
#ifndef VSA_BACKENDS_MEDIA_WEBVTT_SAMPLE_H_
#define VSA_BACKENDS_MEDIA_WEBVTT_SAMPLE_H_

#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// The texts of the cues that a sample shows, with WebVTT's markup; none if it
// shows nothing. What is damaged is left out.
std::vector<std::string> ParseWebVttSample(std::string_view sample);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_WEBVTT_SAMPLE_H_
