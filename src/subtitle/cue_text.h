// The raw text of a caption to the words that are said: markup, sound
// descriptions, song marks and speaker labels are taken away.
#ifndef VSA_SUBTITLE_CUE_TEXT_H_
#define VSA_SUBTITLE_CUE_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace vsa {

enum class Markup {
  kHtml,   // SubRip and WebVTT: <tags>, &entities;, {\an8}
  kAss,    // ASS and SSA: everything in {braces}; <tags> and entities as well
  kTyped,  // as kHtml, but tags that are encoded were typed by somebody
};

// Lines of plain words with one space between them, none empty; no line at all
// if the caption says nothing. `raw` is UTF-8, its lines end in \n. The rules
// for marks are those of docs/words-and-subtitles.md.
std::vector<std::string> CleanLines(std::string_view raw, Markup markup);

// Whether there is a word, a figure or a picture such as an emoji in `lines`,
// or an emoticon of punctuation (":(").
bool SaysSomething(const std::vector<std::string>& lines);

}  // namespace vsa

#endif  // VSA_SUBTITLE_CUE_TEXT_H_
