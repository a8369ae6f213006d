// Sound to cues: what is said, and when.
#ifndef VSA_SPEECH_RECOGNISE_H_
#define VSA_SPEECH_RECOGNISE_H_

#include <functional>
#include <string>
#include <vector>

#include "base/task_pool.h"
#include "speech/decode.h"
#include "speech/heard_cue.h"
#include "vsa/audio.h"
#include "vsa/speech.h"
#include "vsa/types.h"

namespace vsa {

struct Heard {
  SpokenLanguage language;  // its tag is empty where nothing is heard
  Time length{0};           // of the windows that were listened to
  std::vector<HeardCue> cues;
};

// Listens to all of `audio`, several windows side by side on `pool`; the result
// depends on the sound alone. `language` is one of the spec's, or empty: that
// of the first windows. Times are from the start of the stretch that `audio`
// gives. `progress` is told from time to time how far it came. Memory does not
// grow with the length but for the cues. Throws what the model throws.
Heard Recognise(AudioReader* audio, const SpeechModel& model,
                const SpeechSpec& spec, const std::string& language,
                TaskPool* pool, const std::function<void(Time)>& progress);

}  // namespace vsa

#endif  // VSA_SPEECH_RECOGNISE_H_
