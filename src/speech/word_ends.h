// Where words end, in scripts with and without spaces.
#ifndef VSA_SPEECH_WORD_ENDS_H_
#define VSA_SPEECH_WORD_ENDS_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace vsa {

// The bytes of UTF-8 before each place where a line may be cut between words:
// before a space, or where a script writes none (Chinese, Japanese, Thai, Lao,
// Khmer, Myanmar) between its words; a sign stays with its word. The last is
// the end of the text, if it is not empty. Throws Error (kInternal) where ICU
// has no data.
std::vector<std::size_t> WordEnds(std::string_view text);

}  // namespace vsa

#endif  // VSA_SPEECH_WORD_ENDS_H_
