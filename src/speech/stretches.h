// The tokens of a window as text with times.
#ifndef VSA_SPEECH_STRETCHES_H_
#define VSA_SPEECH_STRETCHES_H_

#include <string>
#include <vector>

#include "speech/heard_cue.h"
#include "vsa/speech.h"

namespace vsa {

struct WrittenTokens {
  std::vector<SpeechToken> tokens;
  std::vector<double> probabilities;
  // Of each token, and of those that come behind, as the end or the rounds of a
  // loop that are cut: the weights of the states that are of the window
  // (SpeechNext).
  std::vector<std::vector<float>> attention;
};

// What is known of a window's sound.
struct WindowSound {
  double length = 0;              // seconds
  std::vector<bool> pauses = {};  // as FindPauses gives them
};

// Their bytes; specials and timestamps have none.
std::string TextOf(const std::vector<SpeechToken>& tokens,
                   const SpeechSpec& spec);

// The stretches that timestamps bound, in the order of time; the last ends with
// the window where the text breaks off in it. Times are from its start.
// Timestamps are coarse where somebody pauses: where attention tells when words
// are said, a stretch lasts from its first to its last, and is cut at pauses.
std::vector<HeardCue> StretchesOf(const WrittenTokens& written,
                                  const WindowSound& window,
                                  const SpeechSpec& spec);

}  // namespace vsa

#endif  // VSA_SPEECH_STRETCHES_H_
