// Where the bundles lie that no option names.
#ifndef VSA_MODEL_DEFAULT_BUNDLE_H_
#define VSA_MODEL_DEFAULT_BUNDLE_H_

#include <string>

namespace vsa {

// The first that exists of: `from_environment` ($VSA_MODEL; taken as it is
// unless empty); models/default-en beside the program;
// ../share/vsa/models/default-en from it; models/default-en in each folder
// above it. `program` is the path of the running program. Throws Error (kSetup)
// if there is none.
std::string FindDefaultBundle(const std::string& from_environment,
                              const std::string& program);

// The speech bundle: the folder "speech" in the same places. Empty if there is
// none.
std::string FindSpeechBundle(const std::string& program);

}  // namespace vsa

#endif  // VSA_MODEL_DEFAULT_BUNDLE_H_
