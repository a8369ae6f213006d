// Captions inside pictures, as ATSC A/53 part 4 packs them into H.264, HEVC,
// AV1 and MPEG-2: found in the packets, so that no picture needs to be decoded.
#ifndef VSA_BACKENDS_MEDIA_A53_H_
#define VSA_BACKENDS_MEDIA_A53_H_

#include <string>
#include <string_view>

namespace vsa {

// The triplets (cc_data) that a packet's pictures carry, in their order; empty
// if none.
std::string CaptionsInPacket(std::string_view packet);

// Whether some of the triplets are of CEA-708.
bool HasCea708(std::string_view cc_data);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_A53_H_
