// What was heard as subtitles that people can use as they are.
#ifndef VSA_SPEECH_TRANSCRIPT_H_
#define VSA_SPEECH_TRANSCRIPT_H_

#include <string>
#include <vector>

#include "speech/recognise.h"

namespace vsa {

// The same words in cues of at most two lines of 42 columns and 7 s, cut at the
// ends of phrases where there are some; a wide character, of Chinese and the
// like, takes two columns. Times of what is cut are those of its words, where
// they are known, else go by its length; all are whole milliseconds, `offset`
// after those of `cues`.
std::vector<HeardCue> LayOut(const std::vector<HeardCue>& cues, Time offset);

// Cues as LayOut gives them, as SubRip, WebVTT, and the JSON that
// openai-whisper writes, with the confidence of each segment and, where it is
// known when they are said, its words.
std::string FormatSrt(const std::vector<HeardCue>& cues);
std::string FormatVtt(const std::vector<HeardCue>& cues);
std::string FormatTranscriptJson(const std::vector<HeardCue>& cues,
                                 const std::string& language);

}  // namespace vsa

#endif  // VSA_SPEECH_TRANSCRIPT_H_
