// Text without times: an utterance a line.
#include <algorithm>

#include "base/ascii.h"
#include "subtitle/cue_text.h"
#include "subtitle/formats.h"
#include "text/xml_events.h"

namespace vsa {
namespace {

constexpr Time kLengthOfLine = std::chrono::seconds(3);

// Text that people write, not bytes of another kind.
bool IsWritten(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) {
                        return (c < 0x20 && c != '\n' && c != '\r' &&
                                c != '\t' && c != '\f' && c != '\v') ||
                               c == 0x7F;
                      }) &&
         text.find("\xEF\xBF\xBD") == std::string_view::npos;
}

// Only where a file says by its name that it is text, and when its last line
// has come without being another format's.
bool Recognise(const SubtitleText& file, size_t line) {
  return line + 1 == file.lines.size() && file.extension == "txt" &&
         std::any_of(file.lines.begin(), file.lines.end(),
                     [](std::string_view one) { return !Trim(one).empty(); }) &&
         RootName(file.text).empty() && IsWritten(file.text);
}

RawSubtitles Parse(const SubtitleText& file) {
  const std::vector<std::string_view>& lines = file.lines;
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

}  // namespace

// No sidecar: all kinds of text lie beside videos.
SubtitleFormat PlainTextFormat() {
  return {"text",    "plain text", /*extensions=*/{},
          Recognise, Parse,        /*timed=*/false};
}

}  // namespace vsa
