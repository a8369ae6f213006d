#include "sidecar.h"

#include <dirent.h>
#include <unicode/uloc.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <tuple>

namespace vsa {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtensions[] = {".srt", ".vtt", ".ass", ".ssa"};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  }
  return lower;
}

// The language of a tag: its letters up to the first '-', '_' or '.'. Empty if
// it cannot be a language, as in "a.2.srt".
std::string LanguageOf(const std::string& tag) {
  const size_t end = std::min(tag.find_first_of("-_."), tag.size());
  if (end < 2 || end > 8) return "";
  for (size_t i = 0; i < end; ++i) {
    if (tag[i] < 'a' || tag[i] > 'z') return "";
  }
  return tag.substr(0, end);
}

// "en", "eng" and "english" are the same language.
bool IsSameLanguage(const std::string& name, const std::string& language) {
  const std::string code = LanguageOf(Lower(language));
  if (code.empty()) return false;
  if (name == code || name == uloc_getISO3Language(code.c_str())) return true;
  UChar buffer[64];
  UErrorCode status = U_ZERO_ERROR;
  const int length =
      uloc_getDisplayLanguage(code.c_str(), "en", buffer, 64, &status);
  if (U_FAILURE(status)) return false;
  std::string english;
  icu::UnicodeString(buffer, length).toUTF8String(english);
  return name == Lower(english);
}

struct Candidate {
  int rank;         // 0 no tag, 1 a language asked for, 2 another one
  std::string tag;  // lower case
  size_t extension;
  std::string name;

  bool operator<(const Candidate& other) const {
    return std::tie(rank, tag, extension, name) <
           std::tie(other.rank, other.tag, other.extension, other.name);
  }
};

// What the file `name` is to a video whose name without its extension is
// `stem`; nothing if it is no subtitle file of it.
std::optional<Candidate> ToCandidate(
    const std::string& name, const std::string& stem,
    const std::vector<std::string>& languages) {
  if (name.size() < stem.size() + 4 ||
      name.compare(0, stem.size(), stem) != 0) {
    return std::nullopt;
  }
  const std::string extension = Lower(name.substr(name.size() - 4));
  const auto* found =
      std::find(std::begin(kExtensions), std::end(kExtensions), extension);
  if (found == std::end(kExtensions)) return std::nullopt;
  Candidate candidate;
  candidate.extension = found - std::begin(kExtensions);
  candidate.name = name;
  candidate.rank = 0;
  std::string tag = Lower(std::string_view(name).substr(
      stem.size(), name.size() - stem.size() - 4));
  if (tag.empty()) return candidate;
  if (tag.front() != '.') return std::nullopt;
  candidate.tag = tag.substr(1);
  const std::string language = LanguageOf(candidate.tag);
  if (language.empty()) return std::nullopt;
  const bool asked =
      std::any_of(languages.begin(), languages.end(),
                  [&](const auto& l) { return IsSameLanguage(language, l); });
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
