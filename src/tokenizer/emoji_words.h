// Words in place of emoji and emoticons, for a vocabulary that has none of
// them: a bundle's table and the rule by which it is applied.
#ifndef VSA_TOKENIZER_EMOJI_WORDS_H_
#define VSA_TOKENIZER_EMOJI_WORDS_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vsa/tokenizer.h"

namespace vsa {

class EmojiWords {
 public:
  // A table is UTF-8: a line a symbol, a tab and its words; a symbol without
  // words vanishes. `path` is for messages. Throws Error (kSetup), "PATH:LINE:
  // reason".
  EmojiWords(std::string_view bytes, const std::string& path);

  // `text` with each symbol's words in its place, set off by spaces. From left
  // to right the longest symbol of the table counts. After a symbol, U+200D
  // takes the symbol behind it along (a sequence counts as its base), and the
  // same words again, with nothing in between, count once. A symbol that begins
  // with an ASCII character (":)") takes all further of its last character
  // along, unless that is a slash. It is none where a letter, a digit or a
  // slash comes next, nor directly behind a digit, a colon or a word of one
  // letter ("x<3"), nor behind any letter unless it begins with one of : ; <
  // and ends with no letter ("thanks:)", not "said:D"), nor within a run of the
  // character with which it begins and ends ("^^^^x"). Behind another symbol it
  // may always be ("<3<3"). Safe to call from several threads.
  std::string Replace(std::string_view text) const;

 private:
  struct Symbol {
    std::size_t length = 0;  // 0: none
    std::string_view words;
  };

  Symbol SymbolAt(std::string_view text, std::size_t at,
                  bool behind_another) const;
  std::size_t EndOfSequence(std::string_view text, std::size_t end) const;

  std::unordered_map<std::string, std::string> words_;
  // Of the symbols that begin with a byte, the longest first: most bytes begin
  // none and are not looked up.
  std::array<std::vector<std::size_t>, 256> lengths_;
};

// `tokenizer` of texts in which words have taken the place of symbols.
std::unique_ptr<Tokenizer> WithEmojiWords(std::unique_ptr<Tokenizer> tokenizer,
                                          EmojiWords words);

}  // namespace vsa

#endif  // VSA_TOKENIZER_EMOJI_WORDS_H_
