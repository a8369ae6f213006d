#include "backends/media/a53.h"

#include <algorithm>

#include "base/ascii.h"

namespace vsa {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kIdentifier = "GA94\x03"sv;

// What stands before it: the country and provider of ITU-T T.35 (H.264, HEVC,
// AV1), or the start of user data (MPEG-2).
constexpr std::string_view kRegistered = "\xB5\x00\x31"sv;
constexpr std::string_view kUserData = "\x00\x00\x01\xB2"sv;

}  // namespace

std::string CaptionsInPacket(std::string_view packet) {
  constexpr unsigned char kHasTriplets = 0x40;
  constexpr unsigned char kCount = 0x1F;
  std::string triplets;
  for (size_t at = 0; (at = packet.find(kIdentifier, at)) != packet.npos;) {
    const std::string_view before = packet.substr(0, at);
    at += kIdentifier.size();
    if (!EndsWith(before, kRegistered) && !EndsWith(before, kUserData))
      continue;
    if (at + 2 > packet.size()) break;
    const auto head = static_cast<unsigned char>(packet[at]);
    if ((head & kHasTriplets) == 0) continue;
    // A byte that is reserved comes before the triplets. In them no bytes 0, 0
    // are followed by one that would need escaping.
    const size_t size = size_t{3} * (head & kCount);
    const std::string_view own = packet.substr(at + 2, size);
    triplets.append(own);
    at += 2 + own.size();
  }
  triplets.resize(triplets.size() / 3 * 3);
  return triplets;
}

bool HasCea708(std::string_view cc_data) {
  // Valid, and the start of a packet: padding has neither.
  constexpr char kMarkBits = '\x07';
  constexpr char kPacketStart = '\x07';
  for (; cc_data.size() >= 3; cc_data.remove_prefix(3))
    if ((cc_data[0] & kMarkBits) == kPacketStart) return true;
  return false;
}

}  // namespace vsa
