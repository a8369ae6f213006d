#include "subtitle/spoken_cues.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "subtitle/rolling_captions.h"
#include "subtitle/speaker_labels.h"
#include "text/joined.h"

namespace vsa {
namespace {

// ASS draws one line several times, for a border or a shadow, or over and over
// to move it, and several such lines at once. A caption this short is no word
// said again.
constexpr Time kShortestRepetition = std::chrono::milliseconds(300);
constexpr Time kLongestBreak = std::chrono::milliseconds(100);
constexpr size_t kMostLinesAtOnce = 8;

bool IsOneWord(const std::string& text) {
  if (text.empty() || text.find(' ') != std::string::npos) return false;
  const int64_t length = static_cast<int64_t>(text.size());
  int64_t i = 0;
  int characters = 0;
  bool unspaced = false;
  while (i < length) {
    UChar32 c;
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    ++characters;
    if (IsUnspaced(static_cast<char32_t>(c))) unspaced = true;
  }
  return !unspaced || characters <= 2;
}

// Whether captions show word after word, each for itself: then one that comes
// again was said again.
bool IsWordByWord(const std::vector<RawCue>& shown) {
  constexpr size_t kFewest = 4;
  size_t captions = 0;
  size_t words = 0;
  size_t overlapping = 0;
  std::string last;
  Time last_end{0};
  for (const RawCue& cue : shown) {
    const std::string text = JoinLines(cue.lines);
    if (text.empty()) continue;
    ++captions;
    if (IsOneWord(text) && text != last) ++words;
    if (cue.start < last_end) ++overlapping;
    last = text;
    last_end = std::max(last_end, cue.end);
  }
  return words >= kFewest && words * 2 >= captions &&
         overlapping * 10 <= captions;
}

// "it." and "You", not "U." and "S" or "3." and "5".
bool StartsSentence(const std::string& next, const std::string& word) {
  constexpr size_t kShortest = 3;
  return word.size() >= kShortest && next[0] >= 'A' && next[0] <= 'Z' &&
         std::string_view(".!?").find(word.back()) != std::string_view::npos;
}

// Recognisers of speech give pieces of words too: what starts a word has a
// space before it.
void JoinPieces(std::vector<RawCue>* shown) {
  const auto starting =
      std::count_if(shown->begin(), shown->end(),
                    [](const RawCue& cue) { return cue.starts_word; });
  if (static_cast<size_t>(starting) * 2 < shown->size()) return;
  RawCue* word = nullptr;
  for (RawCue& cue : *shown) {
    if (cue.lines.empty()) continue;
    const bool goes_on = word != nullptr && !cue.starts_word &&
                         cue.start - word->end <= kLongestBreak &&
                         !StartsSentence(cue.lines[0], word->lines.back());
    if (!goes_on) {
      word = &cue;
      continue;
    }
    word->lines.back() += JoinLines(cue.lines);
    word->end = std::max(word->end, cue.end);
    cue.lines.clear();
  }
}

// Programs that mark the word that is being said show a line again for each
// word; YouTube shows a line again when its words have come one by one. It is
// said once.
void JoinMarked(std::vector<RawCue>* shown) {
  RawCue* first = nullptr;
  std::string said;
  size_t marking = 0;  // of the last one shown
  for (RawCue& cue : *shown) {
    if (cue.lines.empty()) continue;
    const std::string text = LowerAscii(JoinLines(cue.lines));
    const bool again = first != nullptr && text == said && cue.marking != 0 &&
                       marking != 0 && cue.marking != marking &&
                       cue.start - first->end <= kLongestBreak &&
                       !IsOneWord(text);
    marking = cue.marking;
    if (!again) {
      first = &cue;
      said = text;
      continue;
    }
    first->end = std::max(first->end, cue.end);
    cue.lines.clear();
  }
}

// YouTube's two copies of a line may lie in one caption. Its automatic captions
// end no sentence; people say a sentence twice.
bool IsCopy(const std::string& line, const std::string& next) {
  constexpr auto kFewestSpaces = 3;
  return line == next && IsAsciiLetter(line.back()) &&
         std::count(line.begin(), line.end(), ' ') >= kFewestSpaces;
}

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
  RemoveSpeakerLabels(&shown);
  const bool word_by_word = IsWordByWord(shown);
  if (word_by_word) {
    JoinPieces(&shown);
  } else {
    RemoveRolledLines(&shown);
    JoinMarked(&shown);
  }
  std::vector<Cue> cues;
  for (RawCue& raw : shown) {
    raw.lines.erase(std::unique(raw.lines.begin(), raw.lines.end(), IsCopy),
                    raw.lines.end());
    Cue cue{raw.start, raw.end, JoinLines(raw.lines), raw.line, {}};
    if (cue.text.empty()) continue;
    if (!word_by_word && GoesOnShowing(cue, &cues)) continue;
    cue.lines = std::move(raw.lines);
    cues.push_back(std::move(cue));
  }
  return cues;
}

}  // namespace vsa
