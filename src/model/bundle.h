// A model bundle's model.json and the files it names: every constant that
// training and inference must agree on.
#ifndef VSA_MODEL_BUNDLE_H_
#define VSA_MODEL_BUNDLE_H_

#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct Bundle {
  std::string folder;
  std::string name;
  std::string version;
  std::string license;
  std::vector<std::string> languages;  // as "en"
  std::string sha256;                  // of model.json, lower-case hex
  std::string module;                  // paths of the files
  std::string vocabulary;              // vocab.txt or a SentencePiece model
  std::string detector;                // empty for a bundle of whole frames
  std::string fusion;                  // "concat" or "attention"
  TextSpec text;
  FrameSpec frames;
  SegmentSpec segments;
};

// Reads FOLDER/model.json and checks it and the SHA-256 of each file it names,
// without running any of their code. Throws Error (kSetup), "FOLDER/FILE:
// reason", for a bundle that is incomplete, altered or of a newer format.
Bundle LoadBundle(const std::string& folder);

// Lower-case hex of the SHA-256 of `bytes`.
std::string Sha256(const std::string& bytes);

}  // namespace vsa

#endif  // VSA_MODEL_BUNDLE_H_
