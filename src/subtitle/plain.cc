// Text without times: an utterance a line.
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

constexpr Time kLengthOfLine = std::chrono::seconds(3);

}  // namespace

RawSubtitles ParsePlain(const std::vector<std::string_view>& lines) {
  RawSubtitles out;
  Time now{0};
  for (size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::string> said = CleanLines(lines[i], Markup::kHtml);
    if (said.empty()) continue;
    out.cues.push_back(
        {now, now + kLengthOfLine, std::move(said), static_cast<int>(i) + 1});
    now += kLengthOfLine;
  }
  return out;
}

}  // namespace vsa
