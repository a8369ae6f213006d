#include "subtitle/spoken_cues.h"

#include <algorithm>
#include <string>
#include <utility>

#include "subtitle/rolling_captions.h"

namespace vsa {
namespace {

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += ' ';
    text += line;
  }
  return text;
}

// ASS draws one line several times, for a border or a shadow, or over and over
// to move it, and several such lines at once. A caption this short is no word
// said again.
constexpr Time kShortestRepetition = std::chrono::milliseconds(300);
constexpr Time kLongestBreak = std::chrono::milliseconds(100);
constexpr size_t kMostLinesAtOnce = 8;

// If `cue` only goes on to show what one of the last `cues` showed, that one
// lasts longer.
bool GoesOnShowing(const Cue& cue, std::vector<Cue>* cues) {
  const size_t last = std::min(cues->size(), kMostLinesAtOnce);
  for (auto shown = cues->rbegin(); shown != cues->rbegin() + last; ++shown) {
    if (shown->text != cue.text) continue;
    const bool at_once = shown->start == cue.start && shown->end == cue.end;
    const bool moves = cue.end - cue.start <= kShortestRepetition &&
                       cue.start - shown->end <= kLongestBreak;
    if (!at_once && !moves) continue;
    shown->end = std::max(shown->end, cue.end);
    return true;
  }
  return false;
}

}  // namespace

std::vector<Cue> SpokenCues(std::vector<RawCue> shown) {
  std::stable_sort(
      shown.begin(), shown.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  RemoveRolledLines(&shown);
  std::vector<Cue> cues;
  for (const RawCue& raw : shown) {
    Cue cue{raw.start, raw.end, JoinLines(raw.lines), raw.line};
    if (cue.text.empty()) continue;
    if (GoesOnShowing(cue, &cues)) continue;
    cues.push_back(std::move(cue));
  }
  return cues;
}

}  // namespace vsa
