#include "subtitle/unspoken_tracks.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"

namespace vsa {
namespace {

bool IsPicture(std::string_view text) {
  constexpr std::string_view kEndings[] = {".jpg", ".jpeg", ".png", ".webp",
                                           ".gif", ".avif", ".bmp"};
  const std::string_view name = text.substr(0, text.find_first_of("#?"));
  if (name.find(' ') != std::string_view::npos) return false;
  return std::any_of(
      std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) {
        return name.size() > ending.size() &&
               LowerAscii(name.substr(name.size() - ending.size())) == ending;
      });
}

bool IsJson(std::string_view text) {
  return text.size() > 1 && text.front() == '{' && text.back() == '}' &&
         text.find('"') != std::string_view::npos;
}

constexpr Time kShortestChapter = std::chrono::seconds(30);
constexpr Time kLongestGap = std::chrono::seconds(1);
constexpr int kMostSpacesOfTitle = 11;

// Whether the captions stand without a gap, each for so long that nobody needs
// it to say so few words.
bool AreChapters(const std::vector<RawCue>& cues) {
  if (cues.size() < 2) return false;
  for (size_t i = 0; i < cues.size(); ++i) {
    const RawCue& cue = cues[i];
    auto spaces = static_cast<long>(cue.lines.size()) - 1;
    for (const std::string& line : cue.lines)
      spaces += std::count(line.begin(), line.end(), ' ');
    if (cue.end - cue.start < kShortestChapter || spaces > kMostSpacesOfTitle)
      return false;
    if (i > 0 && (cue.start < cues[i - 1].end - kLongestGap ||
                  cue.start > cues[i - 1].end + kLongestGap)) {
      return false;
    }
  }
  return true;
}

// Nine of ten captions are such in one line.
bool Nearly(const std::vector<RawCue>& cues, bool (*is)(std::string_view)) {
  const auto found =
      std::count_if(cues.begin(), cues.end(), [is](const RawCue& cue) {
        std::string text;
        for (const std::string& line : cue.lines) text += line;
        return is(text);
      });
  return !cues.empty() && static_cast<size_t>(found) * 10 >= cues.size() * 9;
}

}  // namespace

void RemoveUnspoken(const std::string& name, RawSubtitles* subtitles) {
  const std::vector<RawCue>& cues = subtitles->cues;
  const char* what = Nearly(cues, IsPicture) ? "names of pictures"
                     : Nearly(cues, IsJson)  ? "data in JSON"
                     : AreChapters(cues)     ? "titles of chapters"
                                             : nullptr;
  if (what != nullptr) RemoveAll(name, what, subtitles);
}

void RemoveAll(const std::string& name, const std::string& what,
               RawSubtitles* subtitles) {
  subtitles->cues.clear();
  subtitles->warnings.push_back(
      {"subtitle_no_speech",
       name + ": holds " + what + ", no speech: its words are not used"});
}

}  // namespace vsa
