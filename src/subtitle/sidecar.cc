#include "subtitle/sidecar.h"

#include <dirent.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <tuple>

#include "base/ascii.h"
#include "subtitle/formats.h"
#include "text/language.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;

// The first ones, srt, vtt, ass and ssa, go before all of the others, whatever
// their tags.
constexpr size_t kFirstExtensions = 4;

// Where `extension` stands among those of all formats; nothing if it is none.
std::optional<size_t> PlaceOf(const std::string& extension) {
  size_t place = 0;
  for (const SubtitleFormat& format : SubtitleFormats()) {
    for (const std::string& one : format.extensions) {
      if (one == extension) return place;
      ++place;
    }
  }
  return std::nullopt;
}

struct Candidate {
  bool later;       // its extension is not one of the first
  int rank;         // 0 no tag, 1 a language asked for, 2 another one
  std::string tag;  // lower case
  size_t place;     // of its extension
  std::string name;

  bool operator<(const Candidate& other) const {
    return std::tie(later, rank, tag, place, name) <
           std::tie(other.later, other.rank, other.tag, other.place,
                    other.name);
  }
};

// What the file `name` is to a video whose name without its extension is
// `stem`; nothing if it is no subtitle file of it.
std::optional<Candidate> ToCandidate(
    const std::string& name, const std::string& stem,
    const std::vector<std::string>& languages) {
  const std::string extension = ExtensionOf(name);
  const std::optional<size_t> place = PlaceOf(extension);
  if (!place) return std::nullopt;
  const size_t end = name.size() - extension.size() - 1;
  if (end < stem.size() || name.compare(0, stem.size(), stem) != 0) {
    return std::nullopt;
  }
  Candidate candidate;
  candidate.later = *place >= kFirstExtensions;
  candidate.place = *place;
  candidate.name = name;
  candidate.rank = 0;
  const std::string tag =
      LowerAscii(name.substr(stem.size(), end - stem.size()));
  if (tag.empty()) return candidate;
  if (tag.front() != '.') return std::nullopt;
  candidate.tag = tag.substr(1);
  if (LanguageOf(candidate.tag).empty()) return std::nullopt;
  const bool asked = IsOneOf(candidate.tag, languages);
  candidate.rank = asked ? 1 : 2;
  return candidate;
}

// Not fs::directory_iterator, which takes ten times as long for each name.
std::vector<std::string> NamesIn(const fs::path& folder,
                                 const std::string& start) {
  std::vector<std::string> names;
  DIR* handle = opendir(folder.empty() ? "." : folder.c_str());
  if (handle == nullptr) return names;
  while (const dirent* entry = readdir(handle)) {
    if (std::strncmp(entry->d_name, start.c_str(), start.size()) == 0)
      names.emplace_back(entry->d_name);
  }
  closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

bool HasSubtitleExtension(const std::string& path) {
  return PlaceOf(ExtensionOf(path)).has_value();
}

std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const std::vector<std::string>& languages) {
  const fs::path video(video_path);
  return FindSidecars(video_path, languages,
                      NamesIn(video.parent_path(), video.stem().string()));
}

std::vector<std::string> NamesBeside(const std::string& video_path) {
  return NamesIn(fs::path(video_path).parent_path(), "");
}

std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const std::vector<std::string>& languages,
                                  const std::vector<std::string>& names) {
  const fs::path video(video_path);
  const std::string stem = video.stem().string();
  const fs::path folder = video.parent_path();
  std::vector<Candidate> candidates;
  for (auto name = std::lower_bound(names.begin(), names.end(), stem);
       name != names.end() && name->compare(0, stem.size(), stem) == 0;
       ++name) {
    if (*name == video.filename().string()) continue;
    std::optional<Candidate> candidate = ToCandidate(*name, stem, languages);
    std::error_code unreadable;
    if (candidate && fs::is_regular_file(folder / *name, unreadable)) {
      candidates.push_back(std::move(*candidate));
    }
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<Sidecar> sidecars;
  for (const Candidate& candidate : candidates) {
    sidecars.push_back(
        {(folder / candidate.name).string(), candidate.rank == 2});
  }
  return sidecars;
}

}  // namespace vsa
