// A recogniser of a few words, for tests.
#ifndef VSA_TESTS_SPEECH_SMALL_SPEC_H_
#define VSA_TESTS_SPEECH_SMALL_SPEC_H_

#include <cmath>
#include <string>

#include "vsa/speech.h"

namespace vsa {

// Text, the end, five others, and a time every 0.1 s of 3.
constexpr SpeechToken kEnd = 64;
constexpr SpeechToken kStart = 65;
constexpr SpeechToken kEnglish = 66;
constexpr SpeechToken kGerman = 67;
constexpr SpeechToken kTranscribe = 68;
constexpr SpeechToken kNoSpeech = 69;
constexpr SpeechToken kNoTimestamps = 70;
constexpr SpeechToken kFirstTime = 71;

inline SpeechToken TimeToken(double seconds) {
  return kFirstTime + static_cast<SpeechToken>(std::lround(seconds * 10));
}

// Its text tokens are " Hello", " you" and words of letters that differ.
inline SpeechSpec SmallSpec() {
  SpeechSpec spec;
  spec.vocabulary = kFirstTime + 31;
  spec.start = kStart;
  spec.end = kEnd;
  spec.transcribe = kTranscribe;
  spec.no_speech = kNoSpeech;
  spec.no_timestamps = kNoTimestamps;
  spec.first_timestamp = kFirstTime;
  spec.timestamp_seconds = 0.1;
  spec.languages = {{"de", kGerman}, {"en", kEnglish}};
  spec.temperatures = {0, 0.5, 1};
  spec.tokens = {" Hello", " you"};
  unsigned int letters = 12345;
  while (spec.tokens.size() < static_cast<std::size_t>(kEnd)) {
    std::string word = " ";
    for (int i = 0; i < 5; ++i) {
      letters = letters * 1103515245u + 12345u;
      word += static_cast<char>('a' + (letters >> 16) % 26);
    }
    spec.tokens.push_back(word);
  }
  return spec;
}

}  // namespace vsa

#endif  // VSA_TESTS_SPEECH_SMALL_SPEC_H_
