#include "model/models_folder.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <tuple>
#include <utility>

namespace vsa {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirst = "default-en";

}  // namespace

std::string FindModelsFolder(const std::string& program) {
  const fs::path folder = fs::path(program).parent_path();
  std::vector<fs::path> places = {
      folder / "models", folder.parent_path() / "share" / "vsa" / "models"};
  for (fs::path above = folder; above.has_relative_path();) {
    above = above.parent_path();
    places.push_back(above / "models");
  }
  for (const fs::path& place : places) {
    std::error_code ignored;
    if (fs::is_directory(place, ignored)) return place.string();
  }
  return "";
}

std::vector<std::string> NamesOfBundles(const std::string& models) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(models, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code none;
    if (fs::exists(at->path() / "model.json", none))
      names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) {
              return std::make_tuple(a != kFirst, a) <
                     std::make_tuple(b != kFirst, b);
            });
  return names;
}

std::vector<Bundle> LoadAutoBundles(const std::string& models) {
  std::vector<Bundle> bundles;
  for (const std::string& name : NamesOfBundles(models)) {
    if (std::optional<Bundle> bundle = LoadAutoBundle(models + "/" + name))
      bundles.push_back(*std::move(bundle));
  }
  return bundles;
}

std::string FindSpeechBundle(const std::string& models) {
  const fs::path speech = fs::path(models) / "speech";
  std::error_code ignored;
  return !models.empty() && fs::exists(speech, ignored) ? speech.string() : "";
}

}  // namespace vsa
