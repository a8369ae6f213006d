// Cuts sound into windows that a recogniser takes, at pauses.
#ifndef VSA_SPEECH_WINDOWS_H_
#define VSA_SPEECH_WINDOWS_H_

#include <cstdint>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct SoundWindow {
  std::int64_t start = 0;      // of the first sample, counted from the first
  std::vector<float> samples;  // at most 30 s
};

// What follows depends on the sound alone, not on how it comes in pieces.
class WindowCutter {
 public:
  // Adds to `windows` those that are whole with these samples.
  void Add(const std::vector<float>& samples,
           std::vector<SoundWindow>* windows);
  void Finish(std::vector<SoundWindow>* windows);

 private:
  void Cut(std::int64_t frames, std::vector<SoundWindow>* windows);
  float Silence() const;  // the loudness of what is silent at most
  void DropSilence();
  std::int64_t FindPause() const;

  std::int64_t start_ = 0;       // of buffer_
  std::vector<float> buffer_;    // not yet in a window
  std::vector<float> loudness_;  // mean square of each whole 20 ms of it
  float loudest_ = 0;            // of all until now
};

}  // namespace vsa

#endif  // VSA_SPEECH_WINDOWS_H_
