#include "subtitle/rolling_captions.h"

#include <algorithm>
#include <string_view>

namespace vsa {
namespace {

// Captions that follow each other within this time are one roll.
constexpr Time kLongestBreak = std::chrono::milliseconds(100);
// No more lines than this are carried over.
constexpr size_t kMostLines = 8;

using Words = std::vector<std::string_view>;

// The words of lines [first, …).
Words WordsFrom(const std::vector<std::string>& lines, size_t first) {
  Words words;
  for (size_t i = first; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    while (!line.empty()) {
      const size_t space = std::min(line.find(' '), line.size());
      words.push_back(line.substr(0, space));
      line.remove_prefix(std::min(space + 1, line.size()));
    }
  }
  return words;
}

// How many words at the start of `next` are the last lines of `shown`? Only
// whole lines are carried over, but the next caption may break them anew.
size_t CarriedWords(const RawCue& shown, const RawCue& next,
                    const Words& next_words) {
  if (next.start - shown.end > kLongestBreak) return 0;
  const size_t lines = shown.lines.size();
  for (size_t first = lines > kMostLines ? lines - kMostLines : 0;
       first < lines; ++first) {
    const Words words = WordsFrom(shown.lines, first);
    if (!words.empty() && words.size() <= next_words.size() &&
        std::equal(words.begin(), words.end(), next_words.begin())) {
      return words.size();
    }
  }
  return 0;
}

// Whether the first `count` words are lines of their own.
bool AreLines(size_t count, const std::vector<std::string>& lines) {
  size_t words = 0;
  for (const std::string& line : lines) {
    if (words >= count) break;
    words += std::count(line.begin(), line.end(), ' ') + 1;
  }
  return words == count;
}

void RemoveWords(size_t count, std::vector<std::string>* lines) {
  std::vector<std::string> kept;
  for (const std::string& line : *lines) {
    size_t begin = 0;
    while (count > 0 && begin < line.size()) {
      begin = std::min(line.find(' ', begin), line.size() - 1) + 1;
      --count;
    }
    if (begin < line.size()) kept.push_back(line.substr(begin));
  }
  *lines = std::move(kept);
}

}  // namespace

void RemoveRolledLines(std::vector<RawCue>* cues) {
  std::vector<size_t> carried(cues->size(), 0);
  size_t grown = 0;
  size_t grown_by_lines = 0;
  for (size_t i = 1; i < cues->size(); ++i) {
    const Words words = WordsFrom((*cues)[i].lines, 0);
    carried[i] = CarriedWords((*cues)[i - 1], (*cues)[i], words);
    if (carried[i] == 0 || carried[i] == words.size()) continue;
    ++grown;
    if (AreLines(carried[i], (*cues)[i].lines)) ++grown_by_lines;
  }
  // In a file that rolls, half of the captions or more carry words over and
  // add some; by chance next to none do. In a short one "No." and then "No. I
  // hate it." is said so.
  constexpr size_t kFewest = 3;
  if (grown * 4 < cues->size() - 1) return;
  if (grown < kFewest && grown_by_lines == 0) return;
  for (size_t i = 1; i < cues->size(); ++i) {
    if (carried[i] > 0) RemoveWords(carried[i], &(*cues)[i].lines);
  }
}

}  // namespace vsa
