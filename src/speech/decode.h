// What is said in windows of sound, token after token, as Whisper's authors
// describe it (Radford et al. 2022, 4.5), but that no window knows of another.
#ifndef VSA_SPEECH_DECODE_H_
#define VSA_SPEECH_DECODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "vsa/speech.h"

namespace vsa {

struct SpokenLanguage {
  std::string tag;         // "en"
  double probability = 0;  // 1 where it was asked for
};

// A stretch of a window that is said in one go.
struct HeardText {
  double start = 0;  // seconds from the start of the window
  double end = 0;
  std::string text;       // UTF-8, one space between words
  double confidence = 0;  // mean probability of its tokens
};

// The language of windows together. English of a model that knows no other.
SpokenLanguage FindLanguage(const SpeechStates& states, std::size_t windows,
                            const SpeechSpec& spec);

// For each window what is said in it, in the order of time; nothing where that
// is no speech. `lengths` are the seconds of the windows, `first` is the number
// of the first of them, from which the chances of all that is tried again
// follow. `language` is one of the spec's.
std::vector<std::vector<HeardText>> Decode(const SpeechStates& states,
                                           const std::vector<double>& lengths,
                                           std::uint64_t first,
                                           const std::string& language,
                                           const SpeechSpec& spec);

}  // namespace vsa

#endif  // VSA_SPEECH_DECODE_H_
