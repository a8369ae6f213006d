// A speech bundle's speech.json ("vsa.speech/1") and the files it names: a
// Whisper and how its tokens are meant.
#ifndef VSA_MODEL_SPEECH_BUNDLE_H_
#define VSA_MODEL_SPEECH_BUNDLE_H_

#include <string>
#include <vector>

#include "model/bundle_fields.h"
#include "vsa/speech.h"

namespace vsa {

struct SpeechBundle {
  std::string folder;
  std::string name;
  std::string version;
  std::string license;
  std::string sha256;  // of speech.json, lower-case hex
  BundleFile encoder;  // TorchScript
  BundleFile decoder;
  BundleFile tokens;  // a line for each: its bytes in base64
  int width = 0;      // of the states
  SpeechSpec spec;    // without the bytes of the tokens: ReadSpeechTokens
};

// Reads FOLDER/speech.json and checks it, and that each file it names is there
// with its size. Throws Error (kSetup), "FOLDER/FILE: reason".
SpeechBundle LoadSpeechBundle(const std::string& folder);

// The bytes of each token of text, by its id. Throws Error (kSetup),
// "PATH:LINE: reason".
std::vector<std::string> ReadSpeechTokens(const SpeechBundle& bundle);

}  // namespace vsa

#endif  // VSA_MODEL_SPEECH_BUNDLE_H_
