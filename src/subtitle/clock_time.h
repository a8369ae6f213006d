// A time as most subtitle formats write it.
#ifndef VSA_SUBTITLE_CLOCK_TIME_H_
#define VSA_SUBTITLE_CLOCK_TIME_H_

#include <optional>
#include <string_view>

#include "vsa/types.h"

namespace vsa {

// Reads "[h:]m:s[,.]fraction", or "s.fraction", from the front of `*text` and
// removes it. Tolerates spaces around ':' and a minus sign before any figure,
// which makes the whole time negative. Nothing is removed where there is none.
std::optional<Time> TakeTime(std::string_view* text);

}  // namespace vsa

#endif  // VSA_SUBTITLE_CLOCK_TIME_H_
