// The seam to sound: what a recogniser of speech hears of a file.
#ifndef VSA_AUDIO_H_
#define VSA_AUDIO_H_

#include <optional>
#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

constexpr int kSampleRate = 16000;  // of all sound, which is mono

// A track of sound in a file, as the file describes it.
struct SoundTrack {
  int index = 0;         // among all streams
  std::string codec;     // FFmpeg's name: "aac", "opus", …
  std::string language;  // empty if the file does not say
  std::string title;
  bool is_default = false;
  int channels = 0;     // 0: not declared
  int sample_rate = 0;  // a second; likewise
  bool heard = false;   // it is the one that is heard if none is asked for
};

// Which sound is asked for.
struct Hearing {
  std::optional<int> track;  // its index among all streams; else the likeliest
  Time start{0};             // only what is heard from it on …
  std::optional<Time> end;   // … and before it
};

class AudioReader {
 public:
  virtual ~AudioReader() = default;

  // Appends the next samples, at most a few seconds of them, -1 to 1 but for
  // sound that is louder. False at the end, and nothing is appended. The first
  // sample lies at the start of the stretch that was asked for; where the file
  // has no sound there are zeros, but none behind the last of it. Not safe to
  // call from several threads at once.
  virtual bool Next(std::vector<float>* samples) = 0;

  // What was odd so far (sound_damaged, sound_unreadable). Complete once Next
  // was false.
  virtual const std::vector<Warning>& warnings() const = 0;
};

}  // namespace vsa

#endif  // VSA_AUDIO_H_
