// tokens.txt of a speech bundle.
#include "fuzz/checks.h"
#include "model/speech_bundle.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  static SpeechBundle bundle =
      LoadSpeechBundle(VSA_SOURCE_DIR "/tests/data/tiny-speech");
  bundle.tokens.path = FileOf("tokens.txt", bytes);
  bundle.tokens.bytes = bytes.size();
  bundle.tokens.sha256 = Sha256(bytes);
  Allow({ErrorKind::kSetup}, [&] { ReadSpeechTokens(bundle); });
}
