// A SHA-256 as its 32 bytes: of a million items more room would count.
#ifndef VSA_BATCH_DIGEST_H_
#define VSA_BATCH_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace vsa {

using Digest = std::array<unsigned char, 32>;

// Of its 64 hex digits in lower case; none if `hex` is something else.
std::optional<Digest> ParseDigest(std::string_view hex);

// The same of what must be one. Throws Error (kInternal).
Digest ToDigest(std::string_view hex);

std::string ToHex(const Digest& digest);

struct HashOfDigest {
  std::size_t operator()(const Digest& digest) const {
    std::size_t start = 0;
    std::memcpy(&start, digest.data(), sizeof start);
    return start;
  }
};

}  // namespace vsa

#endif  // VSA_BATCH_DIGEST_H_
