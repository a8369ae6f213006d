#include "subtitle/languages_of_lines.h"

#include <unicode/uscript.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "text/joined.h"
#include "text/language.h"
#include "text/scripts.h"
#include "text/text_language.h"

namespace vsa {
namespace {

// One odd line, or two, make no second language. By words alone a few lines
// of a song would.
constexpr std::size_t kFewestCaptions = 3;
constexpr std::size_t kFewestByWords = 5;

// Cues that begin within this time are one caption.
constexpr Time kAtOnce = std::chrono::milliseconds(100);

// In files that have one order of their two scripts fewer captions than one of
// so many have the other.
constexpr std::size_t kOtherOrder = 4;

// The script of a line. Latin words stand in lines of all languages, and
// Chinese characters in Japanese and Korean ones, so a line is Latin only if
// nothing else is in it, and Chinese only without kana and Hangul, for which
// stand USCRIPT_HIRAGANA and USCRIPT_HANGUL. USCRIPT_COMMON if it has no
// letters.
UScriptCode ScriptOf(const std::string& line) {
  std::map<UScriptCode, int> counts = LettersByScript(line);
  for (const UScriptCode script : {USCRIPT_HIRAGANA, USCRIPT_HANGUL})
    if (counts.count(script) > 0) return script;
  const bool latin = counts.erase(USCRIPT_LATIN) > 0;
  if (counts.empty()) return latin ? USCRIPT_LATIN : USCRIPT_COMMON;
  return std::max_element(
             counts.begin(), counts.end(),
             [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

struct Line {
  Cue* cue = nullptr;
  const std::string* text = nullptr;
  UScriptCode script = USCRIPT_COMMON;
};

using Caption = std::vector<Line>;

std::vector<Caption> CaptionsOf(std::vector<Cue>* cues) {
  std::vector<Caption> captions;
  Time begin{0};
  for (Cue& cue : *cues) {
    if (captions.empty() || cue.start - begin > kAtOnce) {
      captions.emplace_back();
      begin = cue.start;
    }
    for (const std::string& line : cue.lines)
      captions.back().push_back({&cue, &line, ScriptOf(line)});
  }
  return captions;
}

// The lines of captions that are in two languages: of each line, in which.
struct TwoLanguages {
  struct Place {
    Cue* cue;
    const std::string* text;
    bool second;
  };
  std::vector<Place> lines;
  // Of the first and the second language; USCRIPT_COMMON where the script does
  // not tell.
  UScriptCode scripts[2] = {USCRIPT_COMMON, USCRIPT_COMMON};
};

// The two scripts of a caption whose lines change from one to the other once.
std::optional<std::pair<UScriptCode, UScriptCode>> ScriptsOf(
    const Caption& caption) {
  std::vector<UScriptCode> scripts;
  for (const Line& line : caption) {
    if (line.script == USCRIPT_COMMON) continue;
    if (scripts.empty() || line.script != scripts.back())
      scripts.push_back(line.script);
  }
  if (scripts.size() != 2) return std::nullopt;
  return std::make_pair(scripts[0], scripts[1]);
}

// Where the second of two languages begins in a caption that is one's
// translation below the other: the two are about as long. Only the place at
// which they are most alike can be known.
std::size_t EvenSplit(const Caption& caption) {
  std::size_t all = 0;
  for (const Line& line : caption) all += line.text->size();
  std::size_t best = 0;
  std::size_t best_difference = all + 1;
  std::size_t before = 0;
  for (std::size_t i = 0; i < caption.size(); ++i) {
    const std::size_t difference =
        2 * before > all ? 2 * before - all : all - 2 * before;
    if (i > 0 && difference < best_difference) {
      best = i;
      best_difference = difference;
    }
    before += caption[i].text->size();
  }
  return best;
}

void Add(const Caption& caption, const std::vector<bool>& second,
         TwoLanguages* found) {
  for (std::size_t i = 0; i < caption.size(); ++i)
    found->lines.push_back({caption[i].cue, caption[i].text, second[i]});
}

std::vector<bool> SecondFrom(std::size_t begin, std::size_t count) {
  std::vector<bool> seconds(count);
  std::fill(seconds.begin() + static_cast<std::ptrdiff_t>(begin), seconds.end(),
            true);
  return seconds;
}

// Which lines of a caption are in the second language, by scripts; none where
// it is in one of the two alone. `ordered`: the first stands above the second.
std::vector<bool> InSecond(const Caption& caption, UScriptCode first,
                           UScriptCode second, bool ordered) {
  // Japanese may hold Chinese characters alone.
  const bool japanese = first == USCRIPT_HIRAGANA || second == USCRIPT_HIRAGANA;
  if (japanese && caption.size() > 1 &&
      std::all_of(caption.begin(), caption.end(), [](const Line& line) {
        return line.script == USCRIPT_HAN;
      })) {
    return SecondFrom(EvenSplit(caption), caption.size());
  }
  // A letter of a third script is a name: beside Latin all others are one.
  const auto is_second = [&](const Line& line) {
    if (first == USCRIPT_LATIN) return line.script != USCRIPT_LATIN;
    if (second == USCRIPT_LATIN) return line.script == USCRIPT_LATIN;
    return line.script == second;
  };
  std::vector<bool> seconds;
  bool in_first = false;
  for (const Line& line : caption) {
    const bool common = line.script == USCRIPT_COMMON;
    const bool last = !seconds.empty() && seconds.back();
    // Ordered, what is above the first line in the first language belongs to
    // it: "OK".
    seconds.push_back(common ? last
                             : (in_first || !ordered) && is_second(line));
    if (!common && !is_second(line)) in_first = true;
  }
  return in_first ? seconds : std::vector<bool>(caption.size());
}

// By scripts, where most captions have the same two.
std::optional<TwoLanguages> ByScript(const std::vector<Caption>& captions) {
  std::map<std::pair<UScriptCode, UScriptCode>, std::size_t> counts;
  for (const Caption& caption : captions)
    if (const auto scripts = ScriptsOf(caption)) ++counts[*scripts];
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](auto& a, auto& b) { return a.second < b.second; });
  if (most == counts.end()) return std::nullopt;
  const auto [first, second] = most->first;
  const std::size_t in_order = most->second;
  const std::size_t in_other = counts[{second, first}];
  if (in_order + in_other < kFewestCaptions ||
      (in_order + in_other) * 2 <= captions.size()) {
    return std::nullopt;
  }
  const bool ordered = in_other * kOtherOrder < in_order;
  TwoLanguages found;
  found.scripts[0] = first;
  found.scripts[1] = second;
  for (const Caption& caption : captions) {
    const std::vector<bool> seconds = InSecond(caption, first, second, ordered);
    if (std::find(seconds.begin(), seconds.end(), true) != seconds.end())
      Add(caption, seconds, &found);
  }
  return found;
}

// By the words, where most captions have several lines.
std::optional<TwoLanguages> ByWords(const std::vector<Caption>& captions) {
  TwoLanguages found;
  std::size_t count = 0;
  for (const Caption& caption : captions) {
    if (caption.size() < 2) continue;
    ++count;
    Add(caption, SecondFrom(EvenSplit(caption), caption.size()), &found);
  }
  if (count < kFewestByWords || count * 2 <= captions.size())
    return std::nullopt;
  return found;
}

std::vector<std::string> TextsOf(const TwoLanguages& found, bool second) {
  std::vector<std::string> texts;
  for (const TwoLanguages::Place& line : found.lines)
    if (line.second == second) texts.push_back(*line.text);
  return texts;
}

bool IsWrittenIn(UScriptCode script, const std::string& language) {
  UScriptCode codes[16];
  UErrorCode status = U_ZERO_ERROR;
  const int count = uscript_getCode(language.c_str(), codes, 16, &status);
  return U_SUCCESS(status) &&
         std::find(codes, codes + count, script) != codes + count;
}

// The name of a language that is surely none of `languages`, or of a script in
// which none of them is written; else nothing.
std::optional<std::string> Unknown(const std::vector<std::string>& texts,
                                   UScriptCode script,
                                   const std::vector<std::string>& languages) {
  const std::string sure = SureLanguage(texts);
  if (!sure.empty() && !IsOneOf(sure, languages)) return EnglishNameOf(sure);
  if (script == USCRIPT_COMMON ||
      std::any_of(languages.begin(), languages.end(),
                  [&](const auto& one) { return IsWrittenIn(script, one); })) {
    return std::nullopt;
  }
  return std::string(uscript_getName(script)) + " script";
}

// Takes the lines in the second language, or those in the first, away; how
// many.
std::size_t LeaveOut(const TwoLanguages& found, bool second,
                     std::vector<Cue>* cues) {
  std::map<Cue*, std::vector<std::string>> kept;
  std::size_t left_out = 0;
  for (const TwoLanguages::Place& line : found.lines) {
    std::vector<std::string>& lines = kept[line.cue];
    if (line.second == second) {
      ++left_out;
    } else {
      lines.push_back(*line.text);
    }
  }
  for (auto& [cue, lines] : kept) {
    cue->lines = std::move(lines);
    cue->text = JoinLines(cue->lines);
  }
  cues->erase(std::remove_if(cues->begin(), cues->end(),
                             [](const Cue& cue) { return cue.text.empty(); }),
              cues->end());
  return left_out;
}

}  // namespace

std::optional<Warning> KeepLinesIn(const std::vector<std::string>& languages,
                                   const std::string& name,
                                   std::vector<Cue>* cues) {
  if (languages.empty()) return std::nullopt;
  const std::vector<Caption> captions = CaptionsOf(cues);
  std::optional<TwoLanguages> found = ByScript(captions);
  const bool by_words = !found;
  if (by_words) found = ByWords(captions);
  if (!found) return std::nullopt;
  const std::vector<std::string> texts[] = {TextsOf(*found, false),
                                            TextsOf(*found, true)};
  if (by_words) {
    const std::string first = LanguageOf(SureLanguage(texts[0]));
    const std::string second = LanguageOf(SureLanguage(texts[1]));
    if (first.empty() || second.empty() || first == second) return std::nullopt;
  }
  std::optional<std::string> unknown[2];
  for (int i = 0; i < 2; ++i)
    unknown[i] = Unknown(texts[i], found->scripts[i], languages);
  if (unknown[0].has_value() == unknown[1].has_value()) return std::nullopt;
  const bool second = unknown[1].has_value();
  const std::size_t count = LeaveOut(*found, second, cues);
  return Warning{"subtitle_lines_skipped",
                 name + ": is in two languages: " + std::to_string(count) +
                     " lines in " + *unknown[second] + ", which the model (" +
                     ListOf(languages) + ") does not know, are left out"};
}

}  // namespace vsa
