// Which words of a caption are marked, as programs mark the one that is being
// said.
#ifndef VSA_SUBTITLE_MARKING_H_
#define VSA_SUBTITLE_MARKING_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vsa {

// Equal for captions of the same words that mark the same ones, by tags in <>
// or {} in `raw` or by capitals in `lines`, which are the words of it
// (CleanLines); kUnmarked where that is none or all of them: italics or a place
// on the screen mark no word.
std::size_t MarkingOf(std::string_view raw,
                      const std::vector<std::string>& lines);

constexpr std::size_t kUnmarked = 1;

}  // namespace vsa

#endif  // VSA_SUBTITLE_MARKING_H_
