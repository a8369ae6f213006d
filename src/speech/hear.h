// What is said in windows of sound, to their ends.
#ifndef VSA_SPEECH_HEAR_H_
#define VSA_SPEECH_HEAR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "speech/heard_cue.h"
#include "speech/stretches.h"
#include "vsa/speech.h"

namespace vsa {

// As Decode, but a decoder may end its text though somebody speaks on, behind a
// pause most of all, or skip a sentence. So where more than 1 s behind the last
// word is no pause, or more than 2 s between two words (there it must be sure
// of itself), that sound is heard as a window of its own, a few times at most,
// and as long as anything is heard: what begins as noise becomes no speech
// later. `states` are those of `windows`, null where they are not known yet.
std::vector<std::vector<HeardCue>> Hear(
    const SpeechModel& model, const std::vector<std::vector<float>>& windows,
    const SpeechStates* states, const std::vector<WindowSound>& sounds,
    std::uint64_t first, const std::string& language, const SpeechSpec& spec);

}  // namespace vsa

#endif  // VSA_SPEECH_HEAR_H_
