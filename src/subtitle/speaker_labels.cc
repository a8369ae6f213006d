#include "subtitle/speaker_labels.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <unordered_map>

#include "base/ascii.h"
#include "subtitle/cue_text.h"
#include "text/joined.h"

namespace vsa {
namespace {

constexpr int kMostWords = 3;
constexpr int kMostCharacters = 24;
constexpr int kMostUnspaced = 10;  // of a script without spaces
constexpr std::size_t kFewestOfName = 2;
constexpr std::size_t kFewestNames = 2;
constexpr std::size_t kFewestCaptions = 3;
constexpr std::size_t kOneOf = 4;

struct Label {
  std::string_view name;  // empty: there is none
  std::size_t end = 0;    // bytes of the line, with the colon and spaces
};

bool IsOfName(UChar32 c) {
  constexpr std::u32string_view kMarks = U" .-'’&_·・";
  return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 ||
         kMarks.find(static_cast<char32_t>(c)) != kMarks.npos;
}

// Whether a colon before what begins `rest` ends a name: ':' has a space behind
// it unless the script has none.
bool EndsName(UChar32 colon, std::string_view rest) {
  if (colon == U'：' || rest.empty() || rest[0] == ' ') return true;
  int64_t i = 0;
  UChar32 c;
  U8_NEXT_OR_FFFD(rest.data(), i, static_cast<int64_t>(rest.size()), c);
  return IsUnspaced(static_cast<char32_t>(c));
}

// Whether `rest` are words in quotes to the end of the line, or further, that
// `name` says: "田中「はい」". "彼は「はい」" is a sentence.
bool IsQuoted(std::string_view name, std::string_view rest) {
  constexpr std::string_view kParticles[] = {"は", "が", "も", "を", "に",
                                             "と", "の", "で", "へ"};
  const std::string_view close = rest.substr(0, 3) == "「" ? "」" : "』";
  const std::size_t end = rest.find(close);
  return (end == rest.npos || end + close.size() == rest.size()) &&
         std::none_of(std::begin(kParticles), std::end(kParticles),
                      [name](auto one) { return EndsWith(name, one); });
}

Label LabelOf(std::string_view line) {
  const auto length = static_cast<int64_t>(line.size());
  int characters = 0;
  int unspaced = 0;
  int words = 1;
  for (int64_t i = 0; i < length;) {
    const auto begin = static_cast<std::size_t>(i);
    UChar32 c;
    U8_NEXT_OR_FFFD(line.data(), i, length, c);
    if (c == ':' || c == U'：') {
      const std::string_view rest = line.substr(static_cast<std::size_t>(i));
      std::string_view name = line.substr(0, begin);
      if (!name.empty() && name.back() == ' ') name.remove_suffix(1);
      if (name.empty() || !EndsName(c, rest)) return {};
      return {name, static_cast<std::size_t>(i) +
                        (!rest.empty() && rest[0] == ' ' ? 1 : 0)};
    }
    if (characters > 0 && (c == U'「' || c == U'『')) {
      const std::string_view name = line.substr(0, begin);
      if (!IsQuoted(name, line.substr(begin))) return {};
      return {name, begin};
    }
    // "mañana: no" is none, a script without capitals has names all the same.
    if (characters == 0 && (!u_isalpha(c) || u_isULowercase(c))) return {};
    const bool before_colon = line.compare(begin, 2, " :") == 0;
    if (c == ' ' && !before_colon) ++words;
    if (IsUnspaced(static_cast<char32_t>(c))) ++unspaced;
    if (!IsOfName(c) || ++characters > kMostCharacters ||
        unspaced > kMostUnspaced || words > kMostWords) {
      return {};
    }
  }
  return {};
}

}  // namespace

void RemoveSpeakerLabels(std::vector<RawCue>* cues) {
  std::unordered_map<std::string, std::size_t> names;
  for (const RawCue& cue : *cues) {
    for (const std::string& line : cue.lines) {
      const Label label = LabelOf(line);
      if (!label.name.empty()) ++names[std::string(label.name)];
    }
  }
  for (auto name = names.begin(); name != names.end();)
    name = name->second < kFewestOfName ? names.erase(name) : std::next(name);
  if (names.size() < kFewestNames) return;
  const auto speaks = [&](const std::string& line) {
    return names.count(std::string(LabelOf(line).name)) > 0;
  };
  std::size_t captions = 0;
  std::size_t labelled = 0;
  for (const RawCue& cue : *cues) {
    if (!cue.lines.empty()) ++captions;
    if (std::any_of(cue.lines.begin(), cue.lines.end(), speaks)) ++labelled;
  }
  if (labelled < kFewestCaptions || labelled * kOneOf < captions) return;
  for (RawCue& cue : *cues) {
    bool changed = false;
    for (std::string& line : cue.lines) {
      if (!speaks(line)) continue;
      line.erase(0, LabelOf(line).end);
      changed = true;
    }
    if (!changed) continue;
    cue.lines.erase(
        std::remove(cue.lines.begin(), cue.lines.end(), std::string()),
        cue.lines.end());
    if (!SaysSomething(cue.lines)) cue.lines.clear();
  }
}

}  // namespace vsa
