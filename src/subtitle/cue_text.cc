#include "subtitle/cue_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "subtitle/cue_markup.h"
#include "subtitle/sound_words.h"
#include "text/character_reference.h"
#include "text/joined.h"

namespace vsa {
namespace {

// A speaker's label has at most so many words.
constexpr int kMostLabelWords = 3;

using CodePoints = std::u32string;

CodePoints Decode(std::string_view utf8) {
  CodePoints out;
  out.reserve(utf8.size());
  const char* bytes = utf8.data();
  const int64_t length = static_cast<int64_t>(utf8.size());
  int64_t i = 0;
  while (i < length) {
    UChar32 c;
    U8_NEXT_OR_FFFD(bytes, i, length, c);
    out += WithoutC1(static_cast<char32_t>(c));
  }
  return out;
}

std::string Encode(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    char bytes[4];
    int length = 0;
    U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
    out.append(bytes, length);
  }
  return out;
}

bool IsUpper(char32_t c) { return u_isUUppercase(static_cast<UChar32>(c)); }
bool IsLower(char32_t c) { return u_isULowercase(static_cast<UChar32>(c)); }
bool IsLetter(char32_t c) { return u_isalpha(static_cast<UChar32>(c)); }
bool IsDigit(char32_t c) { return u_isdigit(static_cast<UChar32>(c)); }

bool IsSpace(char32_t c) {
  return c != U'\n' && (u_isUWhiteSpace(static_cast<UChar32>(c)) || c == 0xA0);
}

// Controls and marks of direction, which nobody sees. The joiners U+200C and
// U+200D are part of words and of emoji.
bool IsInvisible(char32_t c) {
  return (c < 0x20 && c != U'\n' && c != U'\t') ||
         (c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xAD || c == 0x200B ||
         c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         c == 0xFEFF;
}

bool IsSongMark(char32_t c) {
  return (c >= 0x2669 && c <= 0x266C) || c == 0x1F3B5 || c == 0x1F3B6;
}

// Signs of Japanese television: the caption goes on; a voice from elsewhere.
bool IsCaptionSign(char32_t c) {
  return c == 0x27A1 || c == 0x269E || c == 0x269F;
}

bool IsDash(char32_t c) {
  return c == U'-' || c == U'－' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

// A letter, a figure or a picture such as an emoji.
bool IsWord(char32_t c) {
  return c != 0xFFFD && (u_isalnum(static_cast<UChar32>(c)) ||
                         (c >= 0x2600 && u_charType(static_cast<UChar32>(c)) ==
                                             U_OTHER_SYMBOL));
}

// Whether `word` is eyes, perhaps with brows before them and a nose, and a
// mouth: ":(", ";-)", ":'(((", ">:("; or an upright or a turned face: "-_-",
// "(:". What it says is up to a bundle.
bool IsEmoticon(std::u32string_view word) {
  for (const std::u32string_view face : {U"^^", U"^_^", U"-_-", U"(:", U"):"}) {
    if (word == face) return true;
  }
  if (!word.empty() && word[0] == U'>') word.remove_prefix(1);
  if (word.empty() || std::u32string_view(U":;=").find(word[0]) == word.npos)
    return false;
  word.remove_prefix(1);
  if (!word.empty() && (word[0] == U'-' || word[0] == U'\''))
    word.remove_prefix(1);
  return !word.empty() &&
         std::u32string_view(U"()[]/\\|*").find(word[0]) != word.npos &&
         word.find_first_not_of(word[0]) == word.npos;
}

void TrimFront(std::u32string_view* line) {
  while (!line->empty() && IsSpace(line->front())) line->remove_prefix(1);
}
void TrimBack(std::u32string_view* line) {
  while (!line->empty() && IsSpace(line->back())) line->remove_suffix(1);
}

bool IsColon(char32_t c) { return c == U':' || c == U'：'; }

// No label, and nothing that is looked at around brackets, is longer.
constexpr size_t kNear = 64;

// What of the line of `text` lies before `at`, without spaces and dashes at its
// start.
std::u32string_view LineBefore(std::u32string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 && at - begin < kNear && text[begin - 1] != U'\n') --begin;
  std::u32string_view line = text.substr(begin, at - begin);
  while (!line.empty() &&
         (IsSpace(line[0]) || IsDash(line[0]) || line[0] == U'>')) {
    line.remove_prefix(1);
  }
  return line;
}

// Of a pair of brackets [begin, at) that goes: does it end at `at`, or after
// the colon that follows it, as in "[SPEAKER_00]: "? ":)" is a face, and the
// colon of "WOMAN [on phone]: " ends the label that stays.
size_t EndOfLabel(std::u32string_view text, size_t begin, size_t at) {
  const bool colon = at < text.size() && IsColon(text[at]);
  const bool face =
      at + 1 < text.size() && (text[at + 1] == U')' || text[at + 1] == U'(');
  return colon && !face && LineBefore(text, begin).empty() ? at + 1 : at;
}

// The brackets and what is in them, which is kept if `keep` says so.
template <typename Keep>
void DropBrackets(char32_t open, char32_t close, Keep keep, CodePoints* text) {
  if (text->find(open) == CodePoints::npos) return;
  CodePoints out;
  size_t at = 0;
  while (at < text->size()) {
    const size_t begin = text->find(open, at);
    const size_t end =
        begin == CodePoints::npos ? begin : text->find(close, begin + 1);
    if (end == CodePoints::npos) break;
    out.append(*text, at, begin - at);
    at = end + 1;
    if (keep(begin, end)) {
      out.append(*text, begin, end + 1 - begin);
    } else {
      at = EndOfLabel(*text, begin, at);
      const bool unspaced = !out.empty() && IsUnspaced(out.back()) &&
                            at < text->size() && IsUnspaced((*text)[at]);
      if (!unspaced) out += U' ';
    }
  }
  out.append(*text, at, CodePoints::npos);
  *text = std::move(out);
}

// Only a line end or spaces up to one lie beside [begin, end].
bool FillsLines(const CodePoints& text, size_t begin, size_t end) {
  while (begin > 0 && (IsSpace(text[begin - 1]) || IsDash(text[begin - 1]))) {
    --begin;
  }
  ++end;
  while (end < text.size() && IsSpace(text[end])) ++end;
  return (begin == 0 || text[begin - 1] == U'\n') &&
         (end == text.size() || text[end] == U'\n');
}

// Who speaks, as programs that tell speakers apart write it: "SPEAKER_00",
// "Speaker 1", "speaker ?", "发言人2".
bool IsNumberedSpeaker(std::u32string_view name) {
  constexpr std::u32string_view kWords[] = {
      U"speaker", U"spk",    U"spkr",   U"sprecher", U"locuteur", U"hablante",
      U"falante", U"说话人", U"发言人", U"話者",     U"화자",     U"спикер"};
  TrimFront(&name);
  TrimBack(&name);
  for (const std::u32string_view word : kWords) {
    if (name.size() < word.size()) continue;
    const bool begins = std::equal(
        word.begin(), word.end(), name.begin(), [](char32_t a, char32_t b) {
          return a == static_cast<char32_t>(u_tolower(static_cast<UChar32>(b)));
        });
    if (!begins) continue;
    std::u32string_view number = name.substr(word.size());
    while (!number.empty() && (IsSpace(number[0]) || number[0] == U'_' ||
                               number[0] == U'-' || number[0] == U'#')) {
      number.remove_prefix(1);
    }
    const bool parted = number.size() + word.size() < name.size();
    const auto all = [&](auto is) {
      return !number.empty() && std::all_of(number.begin(), number.end(), is);
    };
    if (all(IsDigit) && number.size() <= 4) return true;
    if (parted && number.size() == 1 &&
        (number[0] == U'?' || IsUpper(number[0]))) {
      return true;
    }
  }
  return false;
}

// "MAN (on TV): ", "妈妈（画外音）："
bool IsOfLabel(std::u32string_view text, size_t begin, size_t end) {
  if (end + 1 == text.size() || !IsColon(text[end + 1])) return false;
  const std::u32string_view name = LineBefore(text, begin);
  return std::any_of(name.begin(), name.end(), IsLetter) &&
         std::none_of(name.begin(), name.end(), IsLower);
}

// Whether words of the same line, other than a speaker's label, stand before
// [begin, end], and words or the end of a sentence behind it.
bool IsAmongWords(std::u32string_view text, size_t begin, size_t end) {
  std::u32string_view before = LineBefore(text, begin);
  TrimBack(&before);
  if (!before.empty() && IsColon(before.back())) return false;
  std::u32string_view after = text.substr(end + 1, kNear);
  after = after.substr(0, after.find(U'\n'));
  constexpr std::u32string_view kEnds = U".,!?;。，！？；…";
  return std::any_of(before.begin(), before.end(), IsWord) &&
         ((!after.empty() && kEnds.find(after[0]) != kEnds.npos) ||
          std::any_of(after.begin(), after.end(), IsWord));
}

// Whether what is said begins with [begin, end], a capital behind it: "(rires)
// Salut", "- (softly) Yes", "MAN: (on TV) Hello". A few words without the end
// of a sentence are how it is said, in all languages with capitals.
bool IsBeforeWords(std::u32string_view text, size_t begin, size_t end) {
  const std::u32string_view inside = text.substr(begin + 1, end - begin - 1);
  if (std::count_if(inside.begin(), inside.end(), IsSpace) >= kMostLabelWords ||
      inside.find_first_of(U".!?…\n") != inside.npos) {
    return false;
  }
  std::u32string_view after = text.substr(end + 1, kNear);
  if (after.empty() || !IsSpace(after[0])) return false;
  const auto word = std::find_if(after.begin(), after.end(), [](char32_t c) {
    return c == U'\n' || IsWord(c);
  });
  if (word == after.end() || !IsUpper(*word)) return false;
  std::u32string_view before = LineBefore(text, begin);
  TrimBack(&before);
  if (!before.empty()) {
    return IsColon(before.back()) &&
           std::none_of(before.begin(), before.end(), IsLower);
  }
  while (begin > 0 && IsSpace(text[begin - 1])) --begin;
  return begin == 0 || text[begin - 1] != U'\n';
}

// Sounds, and who speaks. Parentheses also hold words that are said: they are
// sounds if they fill their lines, begin a sentence or hold no lower-case
// letter. Where capitals tell nothing, all being so or the script having none,
// what is among words is said.
void DropDescriptions(CodePoints* text) {
  const auto never = [](size_t, size_t) { return false; };
  DropBrackets(U'[', U']', never, text);
  DropBrackets(U'［', U'］', never, text);
  DropBrackets(U'【', U'】', never, text);
  DropBrackets(U'〔', U'〕', never, text);
  DropBrackets(U'〖', U'〗', never, text);
  const bool has_lower = std::any_of(text->begin(), text->end(), IsLower);
  const auto is_said = [text, has_lower](size_t begin, size_t end) {
    if (FillsLines(*text, begin, end)) return false;
    if (IsOfLabel(*text, begin, end)) return false;
    const std::u32string_view inside =
        std::u32string_view(*text).substr(begin + 1, end - begin - 1);
    if (IsNumberedSpeaker(inside) || IsSoundWord(inside) ||
        IsBeforeWords(*text, begin, end)) {
      return false;
    }
    const auto first = text->begin() + begin;
    const auto last = text->begin() + end;
    if (std::any_of(first, last, IsLower) ||
        std::none_of(first, last, IsLetter)) {
      return true;
    }
    const bool capitals_tell = has_lower && std::any_of(first, last, IsUpper);
    return !capitals_tell && IsAmongWords(*text, begin, end);
  };
  DropBrackets(U'(', U')', is_said, text);
  DropBrackets(U'（', U'）', is_said, text);
  // "I love *music*" is said.
  const auto is_emphasis = [text](size_t begin, size_t end) {
    const std::u32string_view inside =
        std::u32string_view(*text).substr(begin + 1, end - begin - 1);
    return !IsSoundWord(inside) ||
           (std::any_of(inside.begin(), inside.end(), IsLower) &&
            !FillsLines(*text, begin, end) &&
            !IsBeforeWords(*text, begin, end));
  };
  DropBrackets(U'*', U'*', is_emphasis, text);
  DropBrackets(U'＊', U'＊', is_emphasis, text);
}

// "- " and ">> " before the words of another speaker; not the sign of "-5".
void DropSpeakerDash(std::u32string_view* line) {
  TrimFront(line);
  while (!line->empty() && (IsDash(line->front()) || line->front() == U'>')) {
    if (line->size() > 1 && IsDigit((*line)[1])) return;
    const std::u32string_view near = line->substr(0, kNear);
    const auto end = std::find_if(near.begin(), near.end(), IsSpace);
    if (IsEmoticon(near.substr(0, static_cast<size_t>(end - near.begin()))))
      return;
    line->remove_prefix(1);
    TrimFront(line);
  }
}

// "NAME:" in capitals, of few words, followed by a space or nothing, or a
// numbered speaker. Where all is in capitals only one word, or what looks like
// no words of a sentence: "MAN 1:", "DR. SMITH:".
void DropSpeakerLabel(bool capitals_tell, std::u32string_view* line) {
  const size_t colon = static_cast<size_t>(
      std::find_if(line->begin(), line->end(), IsColon) - line->begin());
  if (colon < line->size() && IsNumberedSpeaker(line->substr(0, colon))) {
    line->remove_prefix(colon + 1);
    TrimFront(line);
    return;
  }
  int letters = 0;
  int words = 0;
  bool is_name = capitals_tell;
  for (size_t i = 0; i < line->size(); ++i) {
    const char32_t c = (*line)[i];
    if (IsColon(c)) {
      const bool ends =
          c != U':' || i + 1 == line->size() || IsSpace((*line)[i + 1]);
      if (letters >= 2 && ends && (words == 1 || is_name)) {
        line->remove_prefix(i + 1);
        TrimFront(line);
      }
      return;
    }
    if (IsSpace(c)) continue;
    const bool starts = i == 0 || IsSpace((*line)[i - 1]);
    if (starts && c != U'&' && ++words > kMostLabelWords) return;
    if (IsLetter(c)) {
      const bool of_mc = c == U'c' && i > 0 && (*line)[i - 1] == U'M';
      if (!IsUpper(c) && !of_mc) return;
      ++letters;
    } else if (IsDigit(c) || c == U'.' || c == U'#' || c == U'&' || c == U'/' ||
               c == U'_') {
      is_name = true;
    } else if (c != U'\'' && c != U'’' && c != U'-') {
      return;
    }
  }
}

// '#' around a line is a song mark too; "#fun" is a word.
void DropSongSigns(std::u32string_view* line) {
  if (line->size() > 1 && line->front() == U'#' && IsSpace((*line)[1])) {
    line->remove_prefix(1);
  }
  if (line->size() > 1 && line->back() == U'#' &&
      IsSpace((*line)[line->size() - 2])) {
    line->remove_suffix(1);
  }
}

std::u32string_view SpokenPart(bool capitals_tell, std::u32string_view line) {
  TrimBack(&line);
  DropSpeakerDash(&line);
  DropSongSigns(&line);
  DropSpeakerLabel(capitals_tell, &line);
  DropSpeakerDash(&line);
  TrimBack(&line);
  return line;
}

// With one space between words. ">>" within a line is a change of speaker.
CodePoints SingleSpaced(std::u32string_view line) {
  CodePoints out;
  for (size_t i = 0; i < line.size(); ++i) {
    const char32_t c = line[i];
    const bool mark =
        c == U'>' && ((i > 0 && line[i - 1] == U'>') ||
                      (i + 1 < line.size() && line[i + 1] == U'>'));
    if (!IsSpace(c) && !mark) {
      out += c;
    } else if (!out.empty() && out.back() != U' ') {
      out += U' ';
    }
  }
  if (!out.empty() && out.back() == U' ') out.pop_back();
  return out;
}

}  // namespace

std::vector<std::string> CleanLines(std::string_view raw, Markup markup) {
  CodePoints text;
  for (const char32_t c : Decode(StripMarkup(raw, markup))) {
    if (c == U'\v' || c == U'\f') {
      text += U'\n';
    } else if (!IsInvisible(c) && !IsSongMark(c) && !IsCaptionSign(c)) {
      text += c;
    }
  }
  DropDescriptions(&text);
  const bool capitals_tell = std::any_of(text.begin(), text.end(), IsLower);

  std::vector<std::string> lines;
  std::u32string_view rest = text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(U'\n'), rest.size());
    const CodePoints line =
        SingleSpaced(SpokenPart(capitals_tell, rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.empty()) lines.push_back(Encode(line));
  }
  if (!SaysSomething(lines)) lines.clear();
  return lines;
}

bool SaysSomething(const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    const CodePoints text = Decode(line);
    if (std::any_of(text.begin(), text.end(), IsWord)) return true;
    for (auto at = text.begin(); at != text.end();) {
      const auto end = std::find_if(at, text.end(), IsSpace);
      if (IsEmoticon({&*at, static_cast<size_t>(end - at)})) return true;
      at = std::find_if_not(end, text.end(), IsSpace);
    }
    return false;
  });
}

}  // namespace vsa
