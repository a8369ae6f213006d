// What is said in windows of sound, token after token, as Whisper's authors
// describe it (Radford et al. 2022, 4.5), but that no window knows of another.
#ifndef VSA_SPEECH_DECODE_H_
#define VSA_SPEECH_DECODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "speech/heard_cue.h"
#include "speech/stretches.h"
#include "vsa/speech.h"

namespace vsa {

struct SpokenLanguage {
  std::string tag;         // "en"
  double probability = 0;  // 1 where it was asked for
};

struct WindowStates {
  const SpeechStates* states = nullptr;
  std::size_t windows = 0;  // whose they are
};

// The language of all windows together. English of a model that knows no other.
SpokenLanguage FindLanguage(const std::vector<WindowStates>& parts,
                            const SpeechSpec& spec);

// For each window what is said in it, in the order of time, from its start;
// nothing where that is no speech. `sounds` are those of the windows,
// `first` is the number of the first of them, from which the chances of all
// that is tried again follow. `language` is one of the spec's.
std::vector<std::vector<HeardCue>> Decode(
    const SpeechStates& states, const std::vector<WindowSound>& sounds,
    std::uint64_t first, const std::string& language, const SpeechSpec& spec);

}  // namespace vsa

#endif  // VSA_SPEECH_DECODE_H_
