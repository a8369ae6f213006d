#include "analysis/sentence_end.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "text/joined.h"

namespace vsa {
namespace {

// How far SentencesOf looks for the words beside an end, in bytes.
constexpr std::size_t kNear = 100;

// The last code point of `text`, which is taken away; 0 if there is none.
UChar32 TakeLast(std::string_view* text) {
  if (text->empty()) return 0;
  const int32_t length =
      static_cast<int32_t>(std::min<size_t>(4, text->size()));
  const char* const tail = text->data() + text->size() - length;
  int32_t i = length;
  UChar32 c;
  U8_PREV_OR_FFFD(tail, 0, i, c);
  text->remove_suffix(length - i);
  return c;
}

// Quotes, brackets and marks of direction that may follow the end of a
// sentence.
bool IsClosing(UChar32 c) {
  switch (u_charType(c)) {
    case U_END_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
    case U_FORMAT_CHAR:
      return true;
    default:
      return c == '"' || c == '\'' || c == ' ';
  }
}

bool EndsWithAbbreviation(std::string_view text) {
  const size_t space = text.rfind(' ');
  const std::string_view word =
      space == std::string_view::npos ? text : text.substr(space + 1);
  for (const std::string_view known :
       {"Mr.", "Mrs.", "Ms.",   "Dr.",  "Prof.", "St.", "vs.",
        "MR.", "MRS.", "MS.",   "DR.",  "PROF.", "ST.", "VS.",
        "Sr.", "Sra.", "Srta.", "Dra.", "Hr.",   "Fr.", "M."}) {
    if (word == known) return true;
  }
  return false;
}

bool BeginsLowerCase(std::string_view text) {
  const int64_t length = static_cast<int64_t>(text.size());
  int64_t i = 0;
  UChar32 c = 0;
  while (i < length) {
    U8_NEXT_OR_FFFD(text.data(), i, length, c);
    if (u_isalnum(c)) return u_isULowercase(c);
  }
  return false;
}

bool IsSpace(char c) { return c == ' ' || c == '\n'; }

// Unicode's ends of sentences; and the marks of Khmer and of Tibetan, which end
// other phrases as well.
bool IsEnd(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_S_TERM) || c == 0x17D4 || c == 0x17D5 ||
         c == 0x0F0D || c == 0x0F0E;
}

// Dots that end a sentence unless it goes on behind them: "‥" and "⋯" are
// Japanese and Chinese ones.
bool IsDots(UChar32 c) {
  return c == '.' || c == 0xFF0E || c == 0x2025 || c == 0x2026 || c == 0x22EF;
}

// Whether `text`, which goes on with `next` without a space, ends in a mark of
// a script that has none, or in quotes closed behind it, all of them.
bool EndsUnspaced(std::string_view text, std::string_view next) {
  const auto closes = [](UChar32 c) {
    return u_charType(c) == U_END_PUNCTUATION ||
           u_charType(c) == U_FINAL_PUNCTUATION;
  };
  int32_t i = 0;
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(next.data(), i, static_cast<int32_t>(next.size()), c);
  if (closes(c) || IsEnd(c)) return false;
  const bool before_figure = u_isdigit(c);
  c = TakeLast(&text);
  if (c == 0xFF0E && before_figure) return false;  // "３．５"
  while (c != 0 && closes(c)) c = TakeLast(&text);
  return IsUnspaced(static_cast<char32_t>(c));
}

}  // namespace

bool EndsSentence(std::string_view text, std::string_view next) {
  std::string_view rest = text;
  UChar32 c = TakeLast(&rest);
  while (c != 0 && IsClosing(c)) c = TakeLast(&rest);
  if (IsDots(c)) {
    return !BeginsLowerCase(next) && !EndsWithAbbreviation(text);
  }
  return c != 0 && IsEnd(c);
}

std::vector<std::string_view> SentencesOf(std::string_view text) {
  std::vector<std::string_view> sentences;
  std::size_t start = 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (U8_IS_TRAIL(text[at]) || IsSpace(text[at - 1])) continue;
    const std::size_t from = std::max(start, at - std::min(at, kNear));
    const std::string_view before = text.substr(from, at - from);
    const std::string_view next = text.substr(at, kNear);
    if (!IsSpace(text[at]) && !EndsUnspaced(before, next)) continue;
    if (!EndsSentence(before, next)) continue;
    sentences.push_back(text.substr(start, at - start));
    start = at;
  }
  if (start < text.size()) sentences.push_back(text.substr(start));
  return sentences;
}

}  // namespace vsa
