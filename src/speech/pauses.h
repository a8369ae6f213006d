// Where nobody speaks, by the energy of sound.
#ifndef VSA_SPEECH_PAUSES_H_
#define VSA_SPEECH_PAUSES_H_

#include <vector>

namespace vsa {

// For each 20 ms of samples, the last ones perhaps shorter, whether they lie in
// a pause: at least 0.2 s that are nearly as soft as the softest, where those
// are much softer than the loudest. None in music and noise.
std::vector<bool> FindPauses(const std::vector<float>& samples);

}  // namespace vsa

#endif  // VSA_SPEECH_PAUSES_H_
