// Words that subtitles have for sounds and faces.
#ifndef VSA_SUBTITLE_SOUND_WORDS_H_
#define VSA_SUBTITLE_SOUND_WORDS_H_

#include <string_view>

namespace vsa {

// Whether `text`, in any case and with spaces around it, is a common word for
// laughing, weeping, sighing, applause or music, in the languages of the
// bundles. What is in brackets and no such word may be said.
bool IsSoundWord(std::u32string_view text);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SOUND_WORDS_H_
