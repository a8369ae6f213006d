// Where nobody speaks, by the energy of sound.
#ifndef VSA_SPEECH_PAUSES_H_
#define VSA_SPEECH_PAUSES_H_

#include <vector>

#include "vsa/audio.h"
#include "vsa/types.h"

namespace vsa {

// The frames of which pauses are known: 20 ms, in samples and as time.
constexpr int kPauseSamples = kSampleRate / 50;
constexpr Time kPauseTime = std::chrono::milliseconds(20);

// For each frame of samples, the last one perhaps shorter, whether it lies in
// a pause: at least 0.2 s that are nearly as soft as the softest, where those
// are much softer than the loudest. None in music and noise.
std::vector<bool> FindPauses(const std::vector<float>& samples);

}  // namespace vsa

#endif  // VSA_SPEECH_PAUSES_H_
