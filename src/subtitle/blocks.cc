#include "subtitle/blocks.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "subtitle/clock_time.h"
#include "subtitle/cue_text.h"
#include "subtitle/marking.h"

namespace vsa {
namespace {

bool IsBlank(std::string_view line) { return Trim(line).empty(); }

bool StartsWithDigit(std::string_view text) {
  text = Trim(text);
  return !text.empty() && IsAsciiDigit(text.front());
}

bool LooksLikeTime(std::string_view text) {
  return StartsWithDigit(text) && text.find(':') != std::string_view::npos;
}

// A line that must have been meant as a time line.
bool IsBrokenTimeLine(std::string_view line, const BlockRules& rules) {
  const size_t at = line.find(rules.sign);
  if (at == std::string_view::npos) return false;
  const bool left = LooksLikeTime(line.substr(0, at));
  const bool right = LooksLikeTime(line.substr(at + rules.sign.size()));
  // A comma stands in many texts.
  return rules.sign == "," ? left && right : left || right;
}

// What stands behind the times is where the caption is shown, "X1:100 Y1:10"
// or "align:start", or, misplaced, its words.
bool HasWords(std::string_view behind) {
  bool words = false;
  while (!(behind = Trim(behind)).empty()) {
    const size_t end = std::min(behind.find_first_of(" \t"), behind.size());
    if (behind.substr(0, end).find(':') == std::string_view::npos) words = true;
    behind.remove_prefix(end);
  }
  return words;
}

// A time line as it looks, in ASCII where it can be.
std::string AsItLooks(std::string_view line) {
  std::string out;
  const int64_t length = static_cast<int64_t>(line.size());
  int64_t i = 0;
  while (i < length) {
    const int64_t begin = i;
    UChar32 c;
    U8_NEXT_OR_FFFD(line.data(), i, length, c);
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c >= 0xFF01 && c <= 0xFF5E) {
      out += static_cast<char>(c - 0xFF01 + '!');
    } else if (u_charType(c) == U_SPACE_SEPARATOR) {
      out += ' ';
    } else if (u_isdigit(c)) {
      out += static_cast<char>('0' + u_charDigitValue(c));
    } else if (u_charType(c) != U_FORMAT_CHAR) {
      out.append(line.substr(begin, i - begin));
    }
  }
  return out;
}

// How a line that is the number of a block writes it: "9", "9." or "#9". Empty
// if it is none.
std::string ShapeOfNumber(std::string_view line) {
  constexpr size_t kLongest = 40;  // with marks that nobody sees
  line = Trim(line);
  if (line.size() > kLongest) return "";
  const std::string plain = AsItLooks(line);
  std::string_view digits = Trim(plain);
  std::string shape = "9";
  if (!digits.empty() && digits.front() == '#') {
    shape = "#9";
    digits.remove_prefix(1);
  } else if (!digits.empty() && (digits.back() == '.' || digits.back() == ')' ||
                                 digits.back() == ':')) {
    shape += digits.back();
    digits.remove_suffix(1);
  }
  return !digits.empty() && HasOnlyDigits(digits) ? shape : "";
}

// "00.00.01,000" or "00:00:01;000" at the front of `*text`, taken away; else as
// TakeTime does.
std::optional<Time> TakeLooseTime(std::string_view* text) {
  constexpr std::string_view kSigns = ":.,;";
  const std::string_view trimmed = Trim(*text);
  std::string time(
      trimmed.substr(0, trimmed.find_first_not_of("0123456789:.,;")));
  size_t signs = 0;
  size_t last = 0;  // one after the last sign
  for (size_t i = 0; i < time.size(); ++i) {
    if (kSigns.find(time[i]) == std::string_view::npos) continue;
    // Hours may have one digit; "1.2.3.4" is no time.
    const size_t digits = i - last;
    if (digits != 2 && (digits != 1 || last > 0)) return TakeTime(text);
    time[i] = ++signs < 3 ? ':' : '.';
    last = i + 1;
  }
  if (signs != 3 || last == time.size()) return TakeTime(text);
  *text = trimmed.substr(time.size());
  std::string_view read = time;
  return TakeTime(&read);
}

// What stands between two times, taken from the front of `*text`.
enum class Arrow { kNone, kArrow, kDash };

// A run of dashes and arrow heads: writers and programs make "-->" "–->", "--»"
// or "⟶". With dashes or a single sign alone it may be one in a text.
Arrow TakeArrow(std::string_view* text) {
  constexpr std::string_view kDashes[] = {"-", "=", "~", "‐", "‑", "‒",
                                          "–", "—", "―", "−", "─"};
  constexpr std::string_view kHeads[] = {">", "&gt;", "»", "›", "》", "〉"};
  constexpr std::string_view kArrows[] = {"→", "⟶", "➔", "➜", "⇒", "⟹"};
  const auto take = [text](const auto& signs) {
    *text = Trim(*text);
    for (const std::string_view sign : signs) {
      if (text->substr(0, sign.size()) != sign) continue;
      text->remove_prefix(sign.size());
      return true;
    }
    return false;
  };
  bool dash = false;
  while (take(kDashes)) dash = true;
  if (take(kArrows)) return Arrow::kArrow;
  bool head = false;
  while (take(kHeads)) head = true;
  return dash && head   ? Arrow::kArrow
         : dash || head ? Arrow::kDash
                        : Arrow::kNone;
}

// A time of day is said as "10:30"; one of a caption has seconds, too, and no
// frames.
bool IsSurelyOfCaption(std::string_view time) {
  const auto colons = std::count(time.begin(), time.end(), ':');
  const bool fraction = time.find_first_of(",.") != std::string_view::npos;
  return time.find(';') == std::string_view::npos &&
         (colons == 2 || (colons == 1 && fraction));
}

// Of a line as it looks.
std::optional<TimeSpan> ParsePlainArrowLine(std::string_view line) {
  std::string_view rest = line;
  const std::optional<Time> start = TakeLooseTime(&rest);
  if (!start) return std::nullopt;
  const std::string_view first = line.substr(0, line.size() - rest.size());
  const Arrow arrow = TakeArrow(&rest);
  if (arrow == Arrow::kNone) return std::nullopt;
  const std::string_view behind = rest;
  const std::optional<Time> end = TakeLooseTime(&rest);
  // "00:00:1d.890" is not 1 s.
  const bool whole =
      rest.empty() || !(IsAsciiDigit(rest[0]) || IsAsciiLetter(rest[0]));
  if (!end || !whole) return std::nullopt;
  // A file that has lost its line ends is none of one caption.
  if (rest.find("-->") != std::string_view::npos) return std::nullopt;
  if (arrow == Arrow::kDash &&
      !(IsSurelyOfCaption(first) &&
        IsSurelyOfCaption(behind.substr(0, behind.size() - rest.size())))) {
    return std::nullopt;
  }
  return TimeSpan{*start, *end, std::string(rest)};
}

// A block's number may stand before its times.
std::string_view WithoutNumber(std::string_view line) {
  line = Trim(line);
  size_t n = line.substr(0, 1) == "#" ? 1 : 0;
  while (n < line.size() && IsAsciiDigit(line[n])) ++n;
  if (n < line.size() && (line[n] == '.' || line[n] == ')' || line[n] == ':'))
    ++n;
  const bool parted = n < line.size() && (line[n] == ' ' || line[n] == '\t');
  return n > 0 && parted ? line.substr(n) : std::string_view();
}

struct TimeLine {
  size_t index;
  std::optional<TimeSpan> span;  // none: the line cannot be read
};

class BlockParser {
 public:
  BlockParser(const SubtitleText& file, const BlockRules& rules)
      : path_(file.path), lines_(file.lines), rules_(rules) {}

  RawSubtitles Parse() {
    const std::vector<TimeLine> times = FindTimeLines();
    const size_t head_end =
        times.empty() ? lines_.size() : NameStart(0, times.front().index);
    ReportStrayText(ReadParagraphs(0, head_end, /*cue=*/nullptr));
    for (size_t i = 0; i < times.size(); ++i) {
      const size_t begin = times[i].index + 1;
      const size_t end = i + 1 < times.size()
                             ? NameStart(begin, times[i + 1].index)
                             : lines_.size();
      const bool has_next = i + 1 < times.size() && times[i + 1].span;
      ParseBlock(times[i], begin, end,
                 has_next ? times[i + 1].span->start : kOpenEnd);
    }
    return std::move(out_);
  }

 private:
  std::vector<TimeLine> FindTimeLines() {
    std::vector<TimeLine> times;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const std::optional<TimeSpan> span = rules_.parse_times(lines_[i]);
      if (!span && !IsBrokenTimeLine(lines_[i], rules_)) continue;
      times.push_back({i, span});
      if (times.size() == 1 && i > 0) number_ = ShapeOfNumber(lines_[i - 1]);
    }
    const auto named = std::count_if(
        times.begin(), times.end(),
        [this](const TimeLine& time) { return HasLineAbove(time.index); });
    labelled_ = times.size() > 1 && HasLineAbove(times.front().index) &&
                static_cast<size_t>(named) * 5 >= times.size() * 4;
    return times;
  }

  // Others than plain ones are numbers where the first caption has one such.
  bool IsNumber(std::string_view line) const {
    const std::string shape = ShapeOfNumber(line);
    return shape == "9" || (!shape.empty() && shape == number_);
  }

  // Whether a line stands alone above the time line.
  bool HasLineAbove(size_t time) const {
    return time > 0 && !IsBlank(lines_[time - 1]) &&
           (time == 1 || IsBlank(lines_[time - 2]));
  }

  // SubRip's paragraphs may be parted by lines of spaces; in WebVTT only an
  // empty line ends a caption, and YouTube shows a line of one space.
  bool EndsParagraph(size_t i) const {
    return rules_.strict ? lines_[i].empty() : IsBlank(lines_[i]);
  }

  // The number or name above the time line at `time` is not the text of the
  // caption before it. Where does it start, at or after `begin`?
  size_t NameStart(size_t begin, size_t time) const {
    size_t last = time;  // one after the line that may be a number
    while (last > begin && IsBlank(lines_[last - 1])) --last;
    if (last == begin) return time;
    if (IsNumber(lines_[last - 1]) &&
        (!number_.empty() || (last - 1 > begin && IsBlank(lines_[last - 2])) ||
         last - 1 == 0)) {
      return last - 1;
    }
    if (labelled_ && last == time && HasLineAbove(time)) return last - 1;
    if (!rules_.strict || last != time) return time;
    size_t paragraph = time;
    while (paragraph > begin && !EndsParagraph(paragraph - 1)) --paragraph;
    return paragraph > begin || begin == 0 ? paragraph : time;
  }

  // `next` is when the next caption starts, if that is known.
  void ParseBlock(const TimeLine& time, size_t begin, size_t end, Time next) {
    const int line = static_cast<int>(time.index) + 1;
    if (!time.span) {
      AddWarning(path_, line, "subtitle_block_skipped",
                 "a time line that cannot be read; expected " +
                     std::string(rules_.expected) + ": caption skipped",
                 &out_);
      return;
    }
    RawCue cue;
    cue.line = line;
    cue.start = time.span->start;
    cue.end = time.span->end;
    // Programs write 0 where they do not know the end.
    const bool open = cue.end == Time(0) && cue.start > Time(0);
    if (open) cue.end = EndOfOpen(cue.start, next);
    const std::string& behind = time.span->behind;
    const std::vector<int> stray = ReadParagraphs(
        begin, end, &cue,
        rules_.words_behind && HasWords(behind) ? behind + "\n" : "");
    if (open && !cue.lines.empty()) {
      AddWarning(path_, line, "subtitle_time_repaired",
                 "the end is 0: lasts until the next caption, at most 10 s",
                 &out_);
    }
    if (!cue.lines.empty()) AddCue(path_, std::move(cue), &out_);
    ReportStrayText(stray);
  }

  // Goes through the paragraphs of [begin, end): those that belong to `cue`
  // become its lines. Returns where others are, unless the format has them.
  // `text` is what of the cue was read before.
  std::vector<int> ReadParagraphs(size_t begin, size_t end, RawCue* cue,
                                  std::string text = "") {
    std::vector<int> stray;
    bool has_text = !text.empty();
    size_t i = begin;
    while (i < end) {
      if (EndsParagraph(i)) {
        ++i;
        continue;
      }
      size_t stop = i;
      while (stop < end && !EndsParagraph(stop)) ++stop;
      if (rules_.is_hidden != nullptr && (cue == nullptr || i != begin) &&
          rules_.is_hidden(lines_[i])) {
        // Not meant to be shown.
      } else if (cue != nullptr && BelongsToCue(i, has_text)) {
        for (size_t k = i; k < stop; ++k) {
          text.append(lines_[k]);
          text += '\n';
        }
        has_text = true;
      } else if (!OnlyBlank(i, stop)) {
        stray.push_back(static_cast<int>(i) + 1);
      }
      i = stop;
    }
    if (cue != nullptr) {
      cue->lines = CleanLines(text, Markup::kHtml);
      cue->starts_word = !text.empty() && text.front() == ' ';
      cue->marking = MarkingOf(text, cue->lines);
    }
    return stray;
  }

  void ReportStrayText(const std::vector<int>& lines) {
    for (const int line : lines) {
      AddWarning(path_, line, "subtitle_block_skipped",
                 "text without a time line before it: skipped", &out_);
    }
  }

  // An empty line inside a caption is common in SubRip, where a block of its
  // own has a number; in WebVTT it ends the caption.
  bool BelongsToCue(size_t i, bool has_text) const {
    return !has_text ||
           (!rules_.strict && !(!number_.empty() && IsNumber(lines_[i])));
  }

  bool OnlyBlank(size_t begin, size_t end) const {
    for (size_t i = begin; i < end; ++i) {
      if (!IsBlank(lines_[i])) return false;
    }
    return true;
  }

  const std::string& path_;
  const std::vector<std::string_view>& lines_;
  const BlockRules& rules_;
  std::string number_;  // the shape of the first caption's; empty: it has none
  // Nearly all captions have a line of their own above their times: it counts
  // them, in whatever words.
  bool labelled_ = false;
  RawSubtitles out_;
};

}  // namespace

std::optional<TimeSpan> ParseArrowLine(std::string_view line) {
  // Most lines are text.
  if (line.find_first_of("0123456789") == std::string_view::npos &&
      line.find('\xEF') == std::string_view::npos &&
      line.find('\xD9') == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string plain = AsItLooks(line);
  const std::optional<TimeSpan> span = ParsePlainArrowLine(plain);
  return span ? span : ParsePlainArrowLine(WithoutNumber(plain));
}

RawSubtitles ParseBlocks(const SubtitleText& file, const BlockRules& rules) {
  return BlockParser(file, rules).Parse();
}

}  // namespace vsa
