#include "analysis/segment.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace vsa {
namespace {

// A cue that a later one would cut to less than this is joined with it: the
// two are on the screen together.
constexpr Time kShortestCut = std::chrono::milliseconds(500);

Time FromSeconds(double seconds) {
  return std::chrono::duration_cast<Time>(
      std::chrono::duration<double>(seconds));
}

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

// Quotes and brackets that may follow the end of a sentence.
bool IsClosing(UChar32 c) {
  switch (u_charType(c)) {
    case U_END_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
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
       {"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "St.", "vs.", "MR.", "MRS.",
        "MS.", "DR.", "PROF.", "ST.", "VS."}) {
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

// Does a sentence end between `text` and `next`? A full stop or dots before a
// lower-case word do not end one ("And then..." "...he left").
bool EndsSentence(std::string_view text, std::string_view next) {
  std::string_view rest = text;
  UChar32 c = TakeLast(&rest);
  while (c != 0 && IsClosing(c)) c = TakeLast(&rest);
  if (c == '.' || c == 0x2026) {
    return !BeginsLowerCase(next) && !EndsWithAbbreviation(text);
  }
  return c != 0 && u_hasBinaryProperty(c, UCHAR_S_TERM);
}

}  // namespace

std::vector<Segment> JoinCues(const std::vector<Cue>& cues,
                              const SegmentSpec& spec) {
  const Time pause = FromSeconds(spec.pause);
  const Time longest = FromSeconds(spec.longest);
  std::vector<Segment> utterances;
  for (const Cue& cue : cues) {
    if (!utterances.empty()) {
      Segment& last = utterances.back();
      const bool goes_on =
          cue.start - last.end <= pause &&
          std::max(last.end, cue.end) - last.start <= longest &&
          !EndsSentence(last.text, cue.text);
      const bool together =
          cue.start < last.end && cue.start - last.start < kShortestCut;
      if (goes_on || together) {
        last.end = std::max(last.end, cue.end);
        last.text += ' ';
        last.text += cue.text;
        continue;
      }
      last.end = std::min(last.end, cue.start);
    }
    utterances.push_back({cue.start, cue.end, cue.text});
  }
  return utterances;
}

}  // namespace vsa
