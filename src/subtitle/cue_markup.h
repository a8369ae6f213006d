// Takes the markup of subtitle formats out of a caption's text.
#ifndef VSA_SUBTITLE_CUE_MARKUP_H_
#define VSA_SUBTITLE_CUE_MARKUP_H_

#include <string>
#include <string_view>

#include "subtitle/cue_text.h"

namespace vsa {

// Tags, override blocks, drawings and ruby glosses are dropped, entities are
// decoded, breaks become \n. What only looks like markup ("I <3 you", "a < b",
// an unclosed "{") stays.
std::string StripMarkup(std::string_view raw, Markup markup);

}  // namespace vsa

#endif  // VSA_SUBTITLE_CUE_MARKUP_H_
