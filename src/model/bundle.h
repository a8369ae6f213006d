// A model bundle's model.json ("vsa.bundle/2") and the files it names: every
// constant that training and inference must agree on.
#ifndef VSA_MODEL_BUNDLE_H_
#define VSA_MODEL_BUNDLE_H_

#include <optional>
#include <string>
#include <vector>

#include "model/bundle_fields.h"
#include "vsa/types.h"

namespace vsa {

struct Bundle {
  std::string folder;
  std::string name;
  std::string version;
  std::string license;
  std::vector<std::string> languages;  // as "en"
  std::string sha256;                  // of model.json, lower-case hex
  BundleFile text_module;              // TorchScript
  BundleFile frames_module;
  BundleFile fusion_module;
  BundleFile vocabulary;  // vocab.txt or a SentencePiece model
  BundleFile emoji;       // its path is empty for a bundle without a table
  BundleFile detector;    // its path is empty for a bundle of whole frames
  std::string fusion;     // "concat" or "attention"
  TextSpec text;
  FrameSpec frames;
  SegmentSpec segments;
};

// Reads FOLDER/model.json and checks it, and that each file it names is there
// with its size. The files may lie beside the bundle, no further away. Throws
// Error (kSetup), "FOLDER/FILE: reason", for a bundle that is incomplete,
// altered or of another format. "frames.prior" is checked where it is there:
// the probabilities already assume it.
Bundle LoadBundle(const std::string& folder);

// The same for --model auto; nullopt if the bundle is of another format, or
// says that it is not for that ("auto": false).
std::optional<Bundle> LoadAutoBundle(const std::string& folder);

}  // namespace vsa

#endif  // VSA_MODEL_BUNDLE_H_
