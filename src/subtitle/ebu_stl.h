// EBU STL, subtitles of broadcasting (EBU Tech 3264): bytes, not text, so that
// it is told and read before characters are decoded.
#ifndef VSA_SUBTITLE_EBU_STL_H_
#define VSA_SUBTITLE_EBU_STL_H_

#include <string>
#include <string_view>

#include "subtitle/subtitle.h"

namespace vsa {

bool IsEbuStl(std::string_view bytes);

// Reads a file for which IsEbuStl is true. Times count from the start of the
// programme that its header names (10:00:00:00 as a rule), if no caption with
// words begins before it; else from 0. Characters are those of the table that
// the header names, or of `encoding`, as DecodeText takes it. Messages count
// its blocks from 1. Throws Error: kInput if the header is cut or of another
// rate than 25 or 30 frames a second, kUsage for an unknown encoding, kSetup if
// the C library lacks ISO 6937.
SubtitleFile ParseEbuStl(const std::string& path, std::string_view bytes,
                         const std::string& encoding);

}  // namespace vsa

#endif  // VSA_SUBTITLE_EBU_STL_H_
