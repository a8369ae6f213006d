// LRC, the lyrics of a song: "[mm:ss.xx]words", a line for each. A line lasts
// until the next one.
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

// "[mm:ss.xx]" at the front of `*line`, taken away.
std::optional<Time> TakeStamp(std::string_view* line) {
  std::string_view rest = Trim(*line);
  if (rest.empty() || rest.front() != '[') return std::nullopt;
  rest.remove_prefix(1);
  // Some write a colon before the hundredths: "[mm:ss:xx]". Hours only come
  // with a fraction.
  std::string stamp(rest.substr(0, rest.find(']')));
  if (std::count(stamp.begin(), stamp.end(), ':') == 2 &&
      stamp.find_first_of(".,") == std::string::npos) {
    stamp[stamp.rfind(':')] = '.';
  }
  std::string_view read = stamp;
  const std::optional<Time> time = TakeTime(&read);
  rest.remove_prefix(stamp.size() - read.size());
  if (!time || rest.empty() || rest.front() != ']') return std::nullopt;
  rest.remove_prefix(1);
  *line = rest;
  return time;
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
  return TakeStamp(&text).has_value();
}

RawSubtitles Parse(const SubtitleText& file) {
  const std::string& path = file.path;
  const std::vector<std::string_view>& lines = file.lines;
  RawSubtitles out;
  Time offset{0};
  size_t repeated = 0;  // bytes
  for (size_t i = 0; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    std::string_view line = lines[i];
    if (const std::optional<Time> found = OffsetOf(line)) offset = *found;
    std::vector<Time> starts;  // a chorus has several
    while (const std::optional<Time> start = TakeStamp(&line)) {
      starts.push_back(std::max(*start, Time(0)));
    }
    if (starts.empty()) {
      // Others in brackets say who sings.
      if (!Trim(line).empty() && Trim(line).front() != '[') {
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
