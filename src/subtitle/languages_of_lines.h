// Subtitles in two languages at once, as Chinese over English: the lines that a
// model knows.
#ifndef VSA_SUBTITLE_LANGUAGES_OF_LINES_H_
#define VSA_SUBTITLE_LANGUAGES_OF_LINES_H_

#include <optional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// If most captions of a file hold lines of one language and below them lines of
// another, in whatever order where the scripts tell them apart, and only one of
// the two is in `languages` ("en", …), takes the lines of the other away from
// those captions, and gives a warning of it (subtitle_lines_skipped). A caption
// is one cue, or cues that begin within 0.1 s; one without lines in both
// languages stays as it is, and so do all where both or neither are known.
// `cues` are sorted by start, `name` is the file's.
std::optional<Warning> KeepLinesIn(const std::vector<std::string>& languages,
                                   const std::string& name,
                                   std::vector<Cue>* cues);

}  // namespace vsa

#endif  // VSA_SUBTITLE_LANGUAGES_OF_LINES_H_
