// MPL2: "[10][30]words|words", in tenths of a second; a line that begins with
// "/" is in italics.
#include "subtitle/counted_lines.h"
#include "subtitle/formats.h"

namespace vsa {
namespace {

constexpr double kTenth = 1e5;  // microseconds

bool Recognise(const SubtitleText& file, size_t line) {
  return ParseCountedLine(file.lines[line], '[', ']').has_value();
}

std::string PartsOf(std::string_view text) {
  std::string parts;
  bool first = true;  // character of a line
  for (const char c : text) {
    if (c == '|') {
      parts += '\n';
    } else if (!(first && c == '/')) {
      parts += c;
    }
    first = c == '|' || (first && c == ' ');
  }
  return parts;
}

RawSubtitles Parse(const SubtitleText& file) {
  RawSubtitles out;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    if (const auto counted = ParseCountedLine(file.lines[i], '[', ']')) {
      AddCountedCue(file.path, *counted, kTenth, PartsOf(counted->text),
                    static_cast<int>(i) + 1, &out);
    } else {
      WarnOfUncounted(file, i, "[START][END]words", &out);
    }
  }
  FinishCounted(&out);
  return out;
}

}  // namespace

// No sidecar: it has no extension of its own.
SubtitleFormat Mpl2Format() {
  return {"mpl2", "MPL2", /*extensions=*/{}, Recognise, Parse};
}

}  // namespace vsa
