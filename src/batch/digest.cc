#include "batch/digest.h"

#include "vsa/error.h"

namespace vsa {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::optional<Digest> ParseDigest(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.size() ||
      hex.find_first_not_of(kDigits) != hex.npos)
    return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<unsigned char>(16 * kDigits.find(hex[2 * i]) +
                                           kDigits.find(hex[2 * i + 1]));
  return digest;
}

Digest ToDigest(std::string_view hex) {
  const std::optional<Digest> digest = ParseDigest(hex);
  if (!digest)
    throw Error(ErrorKind::kInternal,
                std::string(hex) + ": is no SHA-256 of an item");
  return *digest;
}

std::string ToHex(const Digest& digest) {
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte / 16];
    hex += kDigits[byte % 16];
  }
  return hex;
}

}  // namespace vsa
