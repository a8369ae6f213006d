// Where the bundles lie that no path names.
#ifndef VSA_MODEL_MODELS_FOLDER_H_
#define VSA_MODEL_MODELS_FOLDER_H_

#include <string>
#include <vector>

#include "model/bundle.h"

namespace vsa {

// The first that is there of: `models` beside the program, ../share/vsa/models
// from it, `models` in each folder above it. Empty if none is. `program` is the
// path of the running program.
std::string FindModelsFolder(const std::string& program);

// The names of the folders in `models` that have a model.json, default-en
// first, the others in the order of their bytes.
std::vector<std::string> NamesOfBundles(const std::string& models);

// Of these the bundles that --model auto takes: those of this version's format
// that do not say that it must not. Throws Error (kSetup) for one that cannot
// be used.
std::vector<Bundle> LoadAutoBundles(const std::string& models);

// The folder "speech" in `models`. Empty if there is none.
std::string FindSpeechBundle(const std::string& models);

}  // namespace vsa

#endif  // VSA_MODEL_MODELS_FOLDER_H_
