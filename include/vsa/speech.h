// The seam to a recogniser of speech, a Whisper: samples to states, and from
// them token after token. What is made of the tokens is decided in src/speech.
#ifndef VSA_SPEECH_H_
#define VSA_SPEECH_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vsa {

using SpeechToken = std::int32_t;

// What a recogniser's tokens mean, and when what it writes is not believed. See
// "Robust Speech Recognition via Large-Scale Weak Supervision" (Radford et al.
// 2022), 2.3 and 4.5.
struct SpeechSpec {
  int vocabulary = 0;
  int max_tokens = 448;  // of a window, the ones it begins with included
  SpeechToken start = 0;
  SpeechToken end = 0;
  SpeechToken transcribe = 0;
  SpeechToken no_speech = 0;
  SpeechToken no_timestamps = 0;
  SpeechToken first_timestamp = 0;  // 0.00 s; those after it follow
  double timestamp_seconds = 0.02;
  std::map<std::string, SpeechToken> languages;  // none: English alone
  std::vector<SpeechToken> never;                // are not written
  std::vector<SpeechToken> not_first;
  std::vector<double> temperatures;  // tried in turn
  double most_no_speech = 0.6;       // probability
  double least_log_probability = -1;
  double most_compression = 2.4;    // of the text's bytes by zlib
  std::vector<std::string> tokens;  // their bytes, by id; the others have none
};

// What comes behind what is written.
struct SpeechNext {
  std::vector<float> logits;  // [V]
  // Where the model looks for it: a weight of each state of the window, which
  // share 30 s. Of no meaning where the model has no heads that tell it.
  std::vector<float> attention;
};

// Texts that are being written down, a row each. A window may have several.
class SpeechDecoder {
 public:
  virtual ~SpeechDecoder() = default;

  // Puts the same number of tokens, at least one, behind each row: rows of
  // [T]. Gives what comes next in each.
  virtual std::vector<SpeechNext> Step(
      const std::vector<std::vector<SpeechToken>>& tokens) = 0;

  // Keeps those rows alone, in this order.
  virtual void Keep(const std::vector<std::size_t>& rows) = 0;
};

// The states of some windows of sound.
class SpeechStates {
 public:
  virtual ~SpeechStates() = default;

  // Begins a text for each of the windows named, at least one, with nothing
  // written. The same one may come several times.
  virtual std::unique_ptr<SpeechDecoder> Begin(
      const std::vector<std::size_t>& windows) const = 0;
};

// Calls are const and safe from several threads; results depend on the
// arguments alone. Failures of the backend are thrown as Error (kInternal).
class SpeechModel {
 public:
  virtual ~SpeechModel() = default;

  // Windows of at most 30 s of 16 kHz mono.
  virtual std::unique_ptr<SpeechStates> Encode(
      const std::vector<std::vector<float>>& windows) const = 0;
};

}  // namespace vsa

#endif  // VSA_SPEECH_H_
