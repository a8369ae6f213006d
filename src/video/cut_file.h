// How long a file that was cut short was to be, of formats that say it but of
// which FFmpeg then only tells what is left.
#ifndef VSA_VIDEO_CUT_FILE_H_
#define VSA_VIDEO_CUT_FILE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "vsa/types.h"

namespace vsa {

constexpr std::size_t kCutFileStart = 65536;  // bytes

// `start` is what a file of `size` bytes begins with, kCutFileStart of them if
// it has as many. None if it is no AVI or ASF (WMV), or as large as its header
// says.
std::optional<Time> LengthBeforeCut(std::string_view start, std::uint64_t size);

}  // namespace vsa

#endif  // VSA_VIDEO_CUT_FILE_H_
