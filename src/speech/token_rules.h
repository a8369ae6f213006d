// Which tokens may follow those that are written.
#ifndef VSA_SPEECH_TOKEN_RULES_H_
#define VSA_SPEECH_TOKEN_RULES_H_

#include <vector>

#include "vsa/speech.h"

namespace vsa {

// Times come in pairs, around what is said between them, and do not go back;
// the first is at most 1 s; one comes where times together are more probable
// than any other token. As openai-whisper's ApplyTimestampRules.
class TokenRules {
 public:
  explicit TokenRules(const SpeechSpec& spec) : spec_(spec) {}

  // Sets the logits [V] of what may not follow `tokens` to minus infinity.
  // `length` is that of the window, in seconds.
  void Apply(const std::vector<SpeechToken>& tokens, double length,
             std::vector<float>* logits) const;

 private:
  const SpeechSpec& spec_;
};

// Whether the tokens end in the same ones over and over again, whatever times
// come between them: four rounds of at most 24.
bool EndsInLoop(const std::vector<SpeechToken>& tokens, const SpeechSpec& spec);

// For each token whether it is text that repeats the one a round before it, by
// the round of at most 24 by which most does.
std::vector<bool> RepeatedShortly(const std::vector<SpeechToken>& tokens,
                                  const SpeechSpec& spec);

// Whether most of the text does: a loop, not a long passage that is said twice.
bool RepeatsShortly(const std::vector<SpeechToken>& tokens,
                    const SpeechSpec& spec);

// Leaves one round of a loop that the tokens end in, and the time behind it.
void CutLoop(const SpeechSpec& spec, std::vector<SpeechToken>* tokens);

}  // namespace vsa

#endif  // VSA_SPEECH_TOKEN_RULES_H_
