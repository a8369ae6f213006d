// Two channels as one.
#ifndef VSA_BACKENDS_MEDIA_MONO_MIX_H_
#define VSA_BACKENDS_MEDIA_MONO_MIX_H_

#include <cstddef>

namespace vsa {

// Gives the mean of both channels, but where they cancel each other, as where
// one was wired or mastered the wrong way round, the left one. It fades from
// one to the other within about 0.1 s. What comes out depends on the samples
// alone, not on how they come in pieces.
class MonoMix {
 public:
  // The next `count` samples of each, at kSampleRate, all of them numbers.
  // `mixed` may be one of both.
  void Mix(const float* left, const float* right, std::size_t count,
           float* mixed);

 private:
  // Energies of the last moments.
  float left_ = 0;
  float right_ = 0;
  float mean_ = 0;
};

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_MONO_MIX_H_
