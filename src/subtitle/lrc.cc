// LRC, the lyrics of a song: "[mm:ss.xx]words", a line for each. A line lasts
// until the next one. Transcripts look like it: "[hh:mm:ss] words".
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/ascii.h"
#include "subtitle/clock_time.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

// Songs repeat a chorus; a file that is made to do harm repeats its whole size
// as often.
constexpr size_t kMostRepeated = 1000 * 1000;

// What stands before the hundredths in "[mm:ss:xx]", as some write it; a
// transcript has hours first: "[hh:mm:ss]".
enum class Last { kHundredths, kSeconds };

// Hours of a song only come with a fraction.
bool MayBeEither(std::string_view stamp) {
  return std::count(stamp.begin(), stamp.end(), ':') == 2 &&
         stamp.find_first_of(".,") == std::string_view::npos;
}

// "[mm:ss.xx]" at the front of `*line`, taken away.
std::optional<Time> TakeStamp(Last last, std::string_view* line) {
  std::string_view rest = Trim(*line);
  if (rest.empty() || rest.front() != '[') return std::nullopt;
  rest.remove_prefix(1);
  std::string stamp(rest.substr(0, rest.find(']')));
  if (last == Last::kHundredths && MayBeEither(stamp))
    stamp[stamp.rfind(':')] = '.';
  std::string_view read = stamp;
  const std::optional<Time> time = TakeTime(&read);
  rest.remove_prefix(stamp.size() - read.size());
  if (!time || rest.empty() || rest.front() != ']') return std::nullopt;
  rest.remove_prefix(1);
  *line = rest;
  return time;
}

// "[ar:Someone]"
bool IsTagOfSong(std::string_view line) {
  constexpr size_t kLongest = 6;
  line = Trim(line);
  const size_t colon = line.find(':');
  if (line.empty() || line.front() != '[' || colon == std::string_view::npos)
    return false;
  const std::string_view name = line.substr(1, colon - 1);
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), IsAsciiLetter) &&
         LowerAscii(name) == name;
}

// What the third figures of the file's times are. A song's hundredths soon pass
// 59, its minutes grow faster than hours would, and it has several times before
// a chorus. Of few lines only those count as a transcript that begin within
// what would be its first minute, and of none those all in whole minutes.
Last LastOf(const std::vector<std::string_view>& lines) {
  constexpr size_t kFewestAnHour = 3;
  constexpr size_t kFew = 10;
  constexpr Time kMinute = std::chrono::minutes(1);
  Time first{0};
  Time before{0};
  size_t stamps = 0;
  bool either = false;
  bool whole_minutes = true;
  for (std::string_view line : lines) {
    if (IsTagOfSong(line)) return Last::kHundredths;
    const std::string_view whole = Trim(line);
    const std::optional<Time> time = TakeStamp(Last::kSeconds, &line);
    if (!time) continue;
    const std::string_view stamp = whole.substr(0, whole.find(']'));
    const size_t third = stamp.rfind(':') + 1;
    const bool over = third < stamp.size() && stamp[third] > '5';
    either = either || MayBeEither(stamp);
    whole_minutes = whole_minutes && *time % kMinute == Time(0);
    if (over || *time < before || TakeStamp(Last::kSeconds, &line))
      return Last::kHundredths;
    if (stamps++ == 0) first = *time;
    before = *time;
  }
  const auto hours = static_cast<size_t>(before / std::chrono::hours(1));
  return either && !whole_minutes && stamps >= kFewestAnHour * hours &&
                 (stamps >= kFew || first < kMinute)
             ? Last::kSeconds
             : Last::kHundredths;
}

// "[offset:+250]": milliseconds by which all words come earlier.
std::optional<Time> OffsetOf(std::string_view line) {
  constexpr std::string_view kName = "[offset:";
  line = Trim(line);
  if (!StartsWithAnyCase(line, kName)) return std::nullopt;
  const std::string figure(line.substr(kName.size(), 10));
  return std::chrono::milliseconds(std::strtol(figure.c_str(), nullptr, 10));
}

bool Recognise(const SubtitleText& file, size_t line) {
  std::string_view text = file.lines[line];
  return TakeStamp(Last::kHundredths, &text).has_value();
}

RawSubtitles Parse(const SubtitleText& file) {
  const std::string& path = file.path;
  const std::vector<std::string_view>& lines = file.lines;
  const Last last = LastOf(lines);
  RawSubtitles out;
  Time offset{0};
  size_t repeated = 0;  // bytes
  for (size_t i = 0; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    std::string_view line = lines[i];
    if (const std::optional<Time> found = OffsetOf(line)) offset = *found;
    std::vector<Time> starts;  // a chorus has several
    while (const std::optional<Time> start = TakeStamp(last, &line)) {
      starts.push_back(std::max(*start, Time(0)));
    }
    if (starts.empty()) {
      // Others in brackets say who sings.
      if (Trim(line).empty() || Trim(line).front() == '[') continue;
      if (last == Last::kSeconds && !out.cues.empty()) {
        // A transcript goes on in lines without a time.
        for (std::string& part : CleanLines(line, Markup::kHtml))
          out.cues.back().lines.push_back(std::move(part));
      } else {
        AddWarning(path, number, "subtitle_block_skipped",
                   "text without a time; expected [mm:ss.xx] before it: "
                   "skipped",
                   &out);
      }
      continue;
    }
    // Times of single words, "<00:12.30>", go as tags do.
    const std::vector<std::string> said = CleanLines(line, Markup::kHtml);
    size_t length = 0;
    for (const std::string& part : said) length += part.size();
    for (size_t k = 0; k < starts.size(); ++k) {
      if (k > 0 && (repeated += length) > kMostRepeated) {
        AddWarning(path, number, "subtitle_block_skipped",
                   "a line with so many times that all that is said again "
                   "would have more than 1 MB: said " +
                       std::to_string(k) + " of " +
                       std::to_string(starts.size()) + " times",
                   &out);
        break;
      }
      out.cues.push_back({starts[k], kOpenEnd, said, number});
    }
  }
  for (RawCue& cue : out.cues)
    cue.start = std::max(cue.start - offset, Time(0));
  std::stable_sort(
      out.cues.begin(), out.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&out.cues);
  return out;
}

}  // namespace

SubtitleFormat LrcFormat() { return {"lrc", "LRC", {"lrc"}, Recognise, Parse}; }

}  // namespace vsa
