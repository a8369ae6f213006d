// EBU STL, the subtitles of broadcasters: a head of 1024 bytes (GSI) and blocks
// of 128 bytes (TTI), by EBU Tech 3264-E (1991). No text: its bytes are read as
// they are.
#ifndef VSA_SUBTITLE_EBU_STL_H_
#define VSA_SUBTITLE_EBU_STL_H_

#include <string>
#include <string_view>

#include "subtitle/subtitle.h"
#include "text/encoding.h"

namespace vsa {

bool IsEbuStl(std::string_view bytes);

// `text` is told in which encoding the captions are and whether bytes of them
// were replaced; its utf8 stays empty. Times count from the start of the
// programme that the head names, if no caption lies before it. Damaged blocks
// are warnings (subtitle_block_skipped, subtitle_time_repaired), in which they
// are counted from 1. Throws Error (kInput) for a head without a known rate or
// table of characters, or that is cut.
Subtitles ParseEbuStl(const std::string& path, std::string_view bytes,
                      DecodedText* text);

}  // namespace vsa

#endif  // VSA_SUBTITLE_EBU_STL_H_
