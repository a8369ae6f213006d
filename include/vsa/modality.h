// The kinds of evidence that a verdict can rest on, as a list: whatever deals
// with evidence loops over it.
#ifndef VSA_MODALITY_H_
#define VSA_MODALITY_H_

#include <array>
#include <cstddef>

namespace vsa {

struct Modality {
  const char* part;    // of a bundle, and the name of its tensor in `fuse`
  const char* key;     // in results
  const char* weight;  // in a bundle's `segments.weight`
  bool several;        // vectors a segment, each with its weight; else at most
                       // one, whose weight is 1
};

// In the order in which a segment's weight is looked for: it is that of the
// first modality that the segment has.
inline constexpr std::array<Modality, 2> kModalities = {{
    {"text", "text", "words", false},
    {"frames", "visual", "pictures", true},
}};

// Their places in every list of modalities.
enum ModalityPlace : std::size_t { kText, kFrames };

}  // namespace vsa

#endif  // VSA_MODALITY_H_
