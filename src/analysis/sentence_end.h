// Where sentences end, in all scripts.
#ifndef VSA_ANALYSIS_SENTENCE_END_H_
#define VSA_ANALYSIS_SENTENCE_END_H_

#include <string_view>
#include <vector>

namespace vsa {

// Whether a sentence ends between `text` and `next`, which follows it after a
// space. A full stop or dots before a lower-case word do not end one ("And
// then..." "...he left"), nor does the full stop of a title ("Mr."). Both are
// UTF-8.
bool EndsSentence(std::string_view text, std::string_view next);

// `text` cut at these ends, where a space follows ("3.5" is whole) or where
// the sentence ends in a character of a script without spaces. The pieces are
// all of `text`; a space between two is the start of the second.
std::vector<std::string_view> SentencesOf(std::string_view text);

}  // namespace vsa

#endif  // VSA_ANALYSIS_SENTENCE_END_H_
