// Names of speakers before their words, "小明：", "Juan: " or "田中「…」". That
// they are no words is told by the whole file, capitals (cue_text.h) by the
// line.
#ifndef VSA_SUBTITLE_SPEAKER_LABELS_H_
#define VSA_SUBTITLE_SPEAKER_LABELS_H_

#include <vector>

#include "subtitle/raw_subtitles.h"

namespace vsa {

// Takes the names away from the lines that begin so, if there are two or more
// names that come again, and a fourth of all captions, at least three, begin
// lines with them. Names that come once stay, and so does "he said: no".
void RemoveSpeakerLabels(std::vector<RawCue>* cues);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SPEAKER_LABELS_H_
