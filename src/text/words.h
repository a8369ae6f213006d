// The words of a text by Unicode's rules (UAX #29), and by ICU's dictionaries
// where a script puts no spaces between them: Chinese, Japanese, Thai, Lao,
// Khmer, Burmese.
#ifndef VSA_TEXT_WORDS_H_
#define VSA_TEXT_WORDS_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace vsa {

// A word of a text: bytes [begin, end), whole characters with their marks.
struct WordSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// In order; spaces and punctuation are none, an emoji is one. `text` is UTF-8.
std::vector<WordSpan> WordsOf(std::string_view text);

// `text` cut between words, where a line may end: spaces and closing marks stay
// with what is before them, opening ones with what follows. The pieces are all
// of `text`.
std::vector<std::string_view> CutBetweenWords(std::string_view text);

}  // namespace vsa

#endif  // VSA_TEXT_WORDS_H_
