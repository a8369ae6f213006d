// Chat programs give a file that they write between two lines of Markdown,
// "```srt" and "```", and have words of their own around it.
#ifndef VSA_SUBTITLE_FENCES_H_
#define VSA_SUBTITLE_FENCES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vsa {

struct Fenced {
  // The file with such lines and those outside of them empty, so that its lines
  // keep their numbers.
  std::string text;
  std::vector<int> words_outside;  // where they begin: lines, from 1
};

// Nothing if no line is such. `lines` are those of `text`. Linear in its size.
std::optional<Fenced> ReadFenced(const std::string& text,
                                 const std::vector<std::string_view>& lines);

}  // namespace vsa

#endif  // VSA_SUBTITLE_FENCES_H_
