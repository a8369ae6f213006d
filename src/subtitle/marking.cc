#include "subtitle/marking.h"

#include <algorithm>
#include <functional>

#include "base/ascii.h"

namespace vsa {
namespace {

// A letter or figure, also of other scripts.
bool IsOfWord(char c) {
  return IsAsciiLetter(c) || IsAsciiDigit(c) || static_cast<signed char>(c) < 0;
}

// The end of a tag that begins at `at`; `at` if none does.
size_t EndOfTag(std::string_view raw, size_t at) {
  constexpr size_t kLongest = 500;
  if (raw[at] != '<' && raw[at] != '{') return at;
  const std::string_view tag = raw.substr(at, kLongest);
  const size_t end = tag.find_first_of(raw[at] == '<' ? ">\n" : "}\n");
  return end == std::string_view::npos || tag[end] == '\n' ? at : at + end + 1;
}

// The tags that stand behind the first and before the last word, each with
// where it stands among the characters of words.
std::string TagsWithin(std::string_view raw) {
  std::string tags;
  size_t inside = 0;  // how long `tags` was at the last character of a word
  size_t characters = 0;
  for (size_t at = 0; at < raw.size(); ++at) {
    const size_t end = EndOfTag(raw, at);
    if (end > at) {
      if (characters > 0)
        tags += std::to_string(characters).append(raw.substr(at, end - at));
      at = end - 1;
    } else if (IsOfWord(raw[at])) {
      ++characters;
      inside = tags.size();
    }
  }
  tags.resize(inside);
  return tags;
}

// A sign for each word of two letters or more: is it in capitals? Empty if all
// are, or none.
std::string CapitalWords(const std::vector<std::string>& lines) {
  std::string capitals;
  size_t letters = 0;
  bool lower = false;
  const auto end_word = [&] {
    if (letters > 1) capitals += lower ? '-' : '+';
    letters = 0;
    lower = false;
  };
  for (const std::string& line : lines) {
    for (const char c : line) {
      if (c == ' ') {
        end_word();
      } else if (IsAsciiLetter(c)) {
        ++letters;
        lower = lower || c >= 'a';
      }
    }
    end_word();
  }
  const bool mixed = capitals.find('-') != std::string::npos &&
                     capitals.find('+') != std::string::npos;
  return mixed ? capitals : "";
}

}  // namespace

std::size_t MarkingOf(std::string_view raw,
                      const std::vector<std::string>& lines) {
  const std::string marks = CapitalWords(lines) + TagsWithin(raw);
  if (marks.empty()) return kUnmarked;
  return std::max(std::hash<std::string>()(marks), kUnmarked + 1);
}

}  // namespace vsa
