// model.json of a model bundle, speech.json of a speech bundle, in the folders
// of the tests' bundles.
#include "model/bundle.h"

#include "fuzz/checks.h"
#include "model/speech_bundle.h"

using namespace vsa;
using namespace vsa::fuzz;

static std::string CopyOf(const std::string& name) {
  const std::filesystem::path folder = Folder() / name;
  std::filesystem::copy(VSA_SOURCE_DIR "/tests/data/" + name, folder);
  return folder.string();
}

VSA_FUZZ_TARGET(bytes) {
  static const std::string model = CopyOf("tiny-bundle"),
                           speech = CopyOf("tiny-speech");
  FileOf("tiny-bundle/model.json", bytes);
  FileOf("tiny-speech/speech.json", bytes);
  Allow({ErrorKind::kSetup}, [&] {
    const Bundle bundle = LoadBundle(model);
    Require(bundle.text.width > 0 && bundle.text.max_tokens >= 3 &&
                bundle.segments.longest >= 1,
            "figures of a bundle are within their limits");
  });
  Allow({ErrorKind::kSetup}, [&] { LoadAutoBundle(model); });
  Allow({ErrorKind::kSetup}, [&] {
    const SpeechBundle bundle = LoadSpeechBundle(speech);
    Require(bundle.spec.vocabulary > 0, "a recogniser has tokens");
    ReadSpeechTokens(bundle);
  });
}
