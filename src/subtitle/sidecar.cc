#include "subtitle/sidecar.h"

#include <dirent.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
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
  bool forced = false;
  bool later = false;    // its extension is not one of the first
  size_t rank = 0;       // RankOf its tier; 0 without a tag
  bool inexact = false;  // no language of its tier is written as its tag is
  std::string tag;       // lower case
  bool marked = false;   // for the hard of hearing and the like
  bool hi = false;       // has the mark "hi"
  size_t place = 0;      // of its extension
  std::string name;
  size_t tier = 0;       // of its tag
  std::string language;  // the tag, if it names one

  bool operator<(const Candidate& other) const {
    return std::tie(forced, later, rank, inexact, tag, marked, place, name) <
           std::tie(other.forced, other.later, other.rank, other.inexact,
                    other.tag, other.marked, other.place, other.name);
  }
};

// Takes the marks, each with a dot before it, out of `*tag`, which is in lower
// case. Numbers tell apart tracks that were taken out of a video.
void TakeMarks(std::string* tag, Candidate* candidate) {
  std::string language;
  while (!tag->empty()) {
    const size_t end = std::min(tag->find('.', 1), tag->size());
    std::string part = tag->substr(1, end - 1);
    tag->erase(0, end);
    if (EndsWith(part, "-forced") || EndsWith(part, "_forced")) {
      candidate->forced = true;
      part.erase(part.size() - std::string_view("-forced").size());
    }
    const bool is_number =
        HasOnlyDigits(part) && !(language.empty() && tag->empty());
    if (part == "forced" || part == "signs" || part == "foreign") {
      candidate->forced = true;
    } else if (part == "sdh" || part == "cc" || part == "hi" ||
               part == "full" || part == "default" || is_number) {
      candidate->marked = true;
      candidate->hi = candidate->hi || part == "hi";
    } else {
      language += "." + part;
    }
  }
  *tag = language;
}

// The languages of "en", or of "chs&eng", which has captions in both; none if
// one of them is none.
std::vector<std::string> TagsOf(const std::string& tag) {
  std::vector<std::string> tags;
  for (size_t begin = 0; begin <= tag.size();) {
    const size_t end = std::min(tag.find_first_of("&+", begin), tag.size());
    tags.push_back(tag.substr(begin, end - begin));
    if (LanguageOf(tags.back()).empty()) return {};
    begin = end + 1;
  }
  return tags;
}

// Where what has a tag of `tier` is tried. Places between are those of
// RankOfHi.
size_t RankOf(size_t tier) { return 2 + 2 * tier; }

// Where "a.hi.srt" is: of the hard of hearing, or in Hindi. Behind what has a
// tag that is wanted, and where Hindi is what is wanted most, behind that.
size_t RankOfHi(const LanguageTiers& languages) {
  size_t before = languages.size();
  if (before > 1 && TierOf("hi", languages) == 0) before = 1;
  return 1 + 2 * before;
}

// Whether "zh-hant" is "zh-Hant" or "zh_Hant".
bool IsSameTag(std::string tag, std::string other) {
  std::replace(tag.begin(), tag.end(), '_', '-');
  std::replace(other.begin(), other.end(), '_', '-');
  return tag == LowerAscii(other);
}

// What the file `name` is to a video, whose name without its extension, which
// is `extension`, takes the first `stem` bytes of it; nothing if it is no
// subtitle file of it.
std::optional<Candidate> ToCandidate(const std::string& name, size_t stem,
                                     const std::string& video_extension,
                                     const LanguageTiers& languages) {
  const std::string extension = ExtensionOf(name);
  const std::optional<size_t> place = PlaceOf(extension);
  if (!place) return std::nullopt;
  const size_t end = name.size() - extension.size() - 1;
  if (end < stem) return std::nullopt;
  Candidate candidate;
  candidate.later = *place >= kFirstExtensions;
  candidate.place = *place;
  candidate.name = name;
  std::string tag = LowerAscii(name.substr(stem, end - stem));
  if (!tag.empty() && tag.front() != '.') return std::nullopt;
  // "a.mp4.srt" as "a.srt"
  const std::string whole = "." + video_extension;
  if (tag == whole || tag.substr(0, whole.size() + 1) == whole + ".")
    tag.erase(0, whole.size());
  TakeMarks(&tag, &candidate);
  if (tag.empty()) {
    if (candidate.hi) candidate.rank = RankOfHi(languages);
    return candidate;
  }
  candidate.tag = tag.substr(1);
  const std::vector<std::string> tags = TagsOf(candidate.tag);
  if (tags.empty()) return std::nullopt;
  candidate.tier = languages.size();
  for (const std::string& one : tags)
    candidate.tier = std::min(candidate.tier, TierOf(one, languages));
  candidate.rank = RankOf(candidate.tier);
  if (candidate.tier < languages.size()) {
    const std::vector<std::string>& tier = languages[candidate.tier];
    candidate.inexact = std::none_of(
        tier.begin(), tier.end(),
        [&](const auto& one) { return IsSameTag(candidate.tag, one); });
  }
  if (tags.size() == 1) candidate.language = tags[0];
  return candidate;
}

// Whether a subtitle file is another video's, one whose name begins as that of
// the first: "a.trailer.srt" of "a.trailer.mp4".
bool IsOfAnother(const std::string& name, const std::string& video,
                 const std::vector<std::string>& names) {
  const std::string extension = "." + ExtensionOf(video);
  for (size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0;
       dot = name.rfind('.', dot - 1)) {
    const std::string other = name.substr(0, dot) + extension;
    if (other.size() > video.size() &&
        std::binary_search(names.begin(), names.end(), other)) {
      return true;
    }
  }
  return false;
}

// The ways to write a name that are equal in Unicode: `name` itself, its NFC
// and its NFD, as some systems keep names.
std::vector<std::string> FormsOf(const std::string& name) {
  std::vector<std::string> forms = {name};
  if (std::all_of(name.begin(), name.end(),
                  [](unsigned char c) { return c < 0x80; })) {
    return forms;
  }
  UErrorCode status = U_ZERO_ERROR;
  for (const icu::Normalizer2* normalizer :
       {icu::Normalizer2::getNFCInstance(status),
        icu::Normalizer2::getNFDInstance(status)}) {
    std::string form;
    if (U_FAILURE(status)) break;
    normalizer->normalize(icu::UnicodeString::fromUTF8(name), status)
        .toUTF8String(form);
    if (std::find(forms.begin(), forms.end(), form) == forms.end())
      forms.push_back(form);
  }
  return forms;
}

bool StartsWith(const char* name, const std::string& start) {
  return std::strncmp(name, start.c_str(), start.size()) == 0;
}

// The names in a folder that start with one of `starts`. Not
// fs::directory_iterator, which takes ten times as long for each name.
std::vector<std::string> NamesIn(const fs::path& folder,
                                 const std::vector<std::string>& starts) {
  std::vector<std::string> names;
  DIR* handle = opendir(folder.empty() ? "." : folder.c_str());
  if (handle == nullptr) return names;
  while (const dirent* entry = readdir(handle)) {
    if (std::any_of(starts.begin(), starts.end(), [&](const auto& start) {
          return StartsWith(entry->d_name, start);
        })) {
      names.emplace_back(entry->d_name);
    }
  }
  closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

bool HasSubtitleExtension(const std::string& path) {
  static constexpr std::string_view kNoSidecars[] = {"idx", "mcc", "stl", "sub",
                                                     "sup"};
  const std::string extension = ExtensionOf(path);
  return PlaceOf(extension).has_value() ||
         std::find(std::begin(kNoSidecars), std::end(kNoSidecars), extension) !=
             std::end(kNoSidecars);
}

std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const LanguageTiers& languages) {
  const fs::path video(video_path);
  return FindSidecars(
      video_path, languages,
      NamesIn(video.parent_path(), FormsOf(video.stem().string())));
}

std::vector<std::string> NamesBeside(const std::string& video_path) {
  return NamesIn(fs::path(video_path).parent_path(), {""});
}

std::vector<Sidecar> FindSidecars(const std::string& video_path,
                                  const LanguageTiers& languages,
                                  const std::vector<std::string>& names) {
  const fs::path video(video_path);
  const fs::path folder = video.parent_path();
  const std::string extension = ExtensionOf(video_path);
  std::vector<Candidate> candidates;
  for (const std::string& stem : FormsOf(video.stem().string())) {
    for (auto name = std::lower_bound(names.begin(), names.end(), stem);
         name != names.end() && StartsWith(name->c_str(), stem); ++name) {
      if (*name == video.filename().string()) continue;
      if (IsOfAnother(*name, video.filename().string(), names)) continue;
      std::optional<Candidate> candidate =
          ToCandidate(*name, stem.size(), extension, languages);
      std::error_code unreadable;
      if (candidate && fs::is_regular_file(folder / *name, unreadable))
        candidates.push_back(std::move(*candidate));
    }
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<Sidecar> sidecars;
  for (const Candidate& candidate : candidates) {
    sidecars.push_back({(folder / candidate.name).string(), candidate.tier,
                        candidate.forced, candidate.language});
  }
  return sidecars;
}

}  // namespace vsa
