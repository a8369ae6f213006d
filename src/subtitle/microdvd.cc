// MicroDVD: "{25}{75}words|words", in frames; the first line, "{1}{1}25.000",
// says how many there are in a second; without it the video's rate counts.
#include <cstdio>

#include "base/ascii.h"
#include "base/parse_number.h"
#include "subtitle/counted_lines.h"
#include "subtitle/formats.h"
#include "vsa/error.h"

namespace vsa {
namespace {

constexpr double kLeastRate = 1;
constexpr double kMostRate = 1000;

std::optional<CountedLine> ParseLine(std::string_view line) {
  return ParseCountedLine(line, '{', '}');
}

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseLine(file.lines[line]).has_value();
}

// "{1}{1}25.000", some with a comma or with {0}{0}.
std::optional<double> RateOf(const CountedLine& counted) {
  if (counted.start > 1 || counted.end != counted.start) return std::nullopt;
  std::string figure(Trim(counted.text));
  const size_t comma = figure.find(',');
  if (comma != std::string::npos) figure[comma] = '.';
  const std::optional<double> rate = ParseNumber(figure);
  if (!rate || *rate < kLeastRate || *rate > kMostRate) return std::nullopt;
  return rate;
}

// Without codes such as "{y:i}" and "{C:$0000ff}".
std::string PartsOf(std::string_view text) {
  std::string parts;
  bool inside = false;  // a code
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' && i + 2 < text.size() && IsAsciiLetter(text[i + 1]) &&
        text[i + 2] == ':') {
      inside = true;
    }
    // One that is not closed ends with its line.
    if (text[i] == '|') inside = false;
    if (!inside) parts += text[i] == '|' ? '\n' : text[i];
    if (text[i] == '}') inside = false;
  }
  return parts;
}

void WarnOfVideosRate(const std::string& path, double rate, RawSubtitles* out) {
  char figure[32];
  std::snprintf(figure, sizeof figure, "%.6g", rate);
  out->warnings.push_back(
      {"subtitle_times_guessed",
       path +
           ": counts frames without saying how many a second has; the "
           "video's " +
           figure + " are taken"});
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  std::optional<double> rate;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::optional<CountedLine> counted = ParseLine(file.lines[i]);
    if (!counted) {
      WarnOfUncounted(file, i, "{START}{END}words", &out);
      continue;
    }
    if (!rate) {
      rate = RateOf(*counted);
      if (rate) continue;
      rate = file.context.frame_rate;
      if (rate) WarnOfVideosRate(file.path, *rate, &out);
    }
    if (!rate) {
      throw Error(ErrorKind::kInput,
                  file.path + ":" + std::to_string(i + 1) +
                      ": MicroDVD subtitles, which count frames, without a "
                      "frame rate; expected a first line such as "
                      "{1}{1}25.000");
    }
    AddCountedCue(file.path, *counted, 1e6 / *rate, PartsOf(counted->text),
                  static_cast<int>(i) + 1, &out);
  }
  FinishCounted(&out);
  return out;
}

}  // namespace

// No sidecar: VobSub's pictures are *.sub too.
SubtitleFormat MicroDvdFormat() {
  return {"microdvd", "MicroDVD", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
