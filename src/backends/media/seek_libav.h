// Where the pictures of a file can be entered behind its beginning.
#ifndef VSA_BACKENDS_MEDIA_SEEK_LIBAV_H_
#define VSA_BACKENDS_MEDIA_SEEK_LIBAV_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct SeekPoint {
  // When the frames from a keyframe on are shown, up to the one before the
  // start that was asked for. They count from the first picture.
  std::vector<Time> frames;
};

// The last keyframe with at least `lead` frames between it and `start` (which
// counts from the first picture, too) from which on a decoder gives the very
// pictures, at the very times, that it gives when it has read all before them.
// None where that is not sure or there is none but the first: not the format or
// the codec for it, a keyframe that later pictures reach behind, times that are
// missing, double or in disorder, a packet that is damaged. Reads the packets
// before `start` without decoding them. Damage that only a decoder finds is not
// seen. Throws as OpenFormat (open_libav.h).
std::optional<SeekPoint> FindSeekPoint(const std::string& path, Time start,
                                       std::size_t lead);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_SEEK_LIBAV_H_
