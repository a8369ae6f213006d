#include "model/default_bundle.h"

#include <filesystem>

#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// The folder `bundle` of the models folder; empty if there is none.
std::string FindInModels(const std::string& bundle,
                         const std::string& program) {
  const fs::path name = fs::path("models") / bundle;
  const fs::path folder = fs::path(program).parent_path();
  std::error_code ignored;
  if (fs::exists(folder / name, ignored)) return (folder / name).string();
  const fs::path shared = folder.parent_path() / "share" / "vsa" / name;
  if (fs::exists(shared, ignored)) return shared.string();
  for (fs::path above = folder; above.has_relative_path();) {
    above = above.parent_path();
    if (fs::exists(above / name, ignored)) return (above / name).string();
  }
  return "";
}

}  // namespace

std::string FindDefaultBundle(const std::string& from_environment,
                              const std::string& program) {
  if (!from_environment.empty()) return from_environment;
  std::string found = FindInModels("default-en", program);
  if (!found.empty()) return found;
  throw Error(ErrorKind::kSetup,
              "no model bundle found beside " + program +
                  "; name one with --model DIR or VSA_MODEL");
}

std::string FindSpeechBundle(const std::string& program) {
  return FindInModels("speech", program);
}

}  // namespace vsa
