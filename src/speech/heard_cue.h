// What is said in one go, and its words.
#ifndef VSA_SPEECH_HEARD_CUE_H_
#define VSA_SPEECH_HEARD_CUE_H_

#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct HeardWord {
  std::string text;  // with the space before it, if there is one
  Time start{0};
  Time end{0};
  double probability = 0;  // mean of its tokens
};

struct HeardCue {
  Time start{0};
  Time end{0};
  std::string text;       // UTF-8, one space between words
  double confidence = 0;  // mean probability of its tokens
  // Put together they are the text. None where it is not known when they are
  // said.
  std::vector<HeardWord> words = {};
};

inline void Shift(Time by, HeardCue* cue) {
  cue->start += by;
  cue->end += by;
  for (HeardWord& word : cue->words) {
    word.start += by;
    word.end += by;
  }
}

}  // namespace vsa

#endif  // VSA_SPEECH_HEARD_CUE_H_
