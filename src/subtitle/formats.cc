#include "subtitle/formats.h"

#include <algorithm>

#include "base/ascii.h"

namespace vsa {

// Each stands in the file of its name.
SubtitleFormat UnreadFormats();
SubtitleFormat SubRipFormat();
SubtitleFormat WebVttFormat();
SubtitleFormat AssFormat();
SubtitleFormat SsaFormat();
SubtitleFormat TtmlFormat();
SubtitleFormat SamiFormat();
SubtitleFormat SbvFormat();
SubtitleFormat LrcFormat();
SubtitleFormat MicroDvdFormat();
SubtitleFormat Mpl2Format();
SubtitleFormat TmPlayerFormat();
SubtitleFormat WhisperConsoleFormat();
SubtitleFormat WhisperTsvFormat();
SubtitleFormat WhisperJsonFormat();
SubtitleFormat BccFormat();
SubtitleFormat SccFormat();
SubtitleFormat YouTubeJsonFormat();
SubtitleFormat YouTubeXmlFormat();
SubtitleFormat DanmakuFormat();
SubtitleFormat TimedTextFormat();
SubtitleFormat PlainTextFormat();

const std::vector<SubtitleFormat>& SubtitleFormats() {
  static const auto* const kFormats = new std::vector<SubtitleFormat>{
      UnreadFormats(),
      SubRipFormat(),
      WebVttFormat(),
      AssFormat(),
      SsaFormat(),
      TtmlFormat(),
      SamiFormat(),
      SbvFormat(),
      LrcFormat(),
      MicroDvdFormat(),
      Mpl2Format(),
      TmPlayerFormat(),
      WhisperConsoleFormat(),
      WhisperTsvFormat(),
      WhisperJsonFormat(),
      BccFormat(),
      SccFormat(),
      YouTubeJsonFormat(),
      YouTubeXmlFormat(),
      DanmakuFormat(),
      TimedTextFormat(),
      PlainTextFormat(),
  };
  return *kFormats;
}

namespace {

bool HasExtension(const SubtitleFormat& format, const std::string& extension) {
  return std::find(format.extensions.begin(), format.extensions.end(),
                   extension) != format.extensions.end();
}

// "a, b or c"
std::string NamesOf(bool (*is_named)(const SubtitleFormat&)) {
  std::vector<std::string> titles;
  for (const SubtitleFormat& format : SubtitleFormats()) {
    if (!format.title.empty() && is_named(format))
      titles.push_back(format.title);
  }
  std::string names = titles.front();
  for (size_t i = 1; i < titles.size(); ++i)
    names += (i + 1 < titles.size() ? ", " : " or ") + titles[i];
  return names;
}

}  // namespace

const SubtitleFormat* RecogniseFormat(const SubtitleText& file) {
  for (size_t line = 0; line < file.lines.size(); ++line) {
    const SubtitleFormat* found = nullptr;
    for (const SubtitleFormat& format : SubtitleFormats()) {
      if (!format.recognise(file, line)) continue;
      if (HasExtension(format, file.extension)) return &format;
      if (found == nullptr) found = &format;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

std::string SubtitleFormatNames() {
  return NamesOf([](const SubtitleFormat&) { return true; });
}

std::string TimedSubtitleFormatNames() {
  return NamesOf([](const SubtitleFormat& format) { return format.timed; });
}

std::string ExtensionOf(const std::string& path) {
  const size_t dot = path.find_last_of("./");
  if (dot == std::string::npos || path[dot] != '.') return "";
  return LowerAscii(path.substr(dot + 1));
}

}  // namespace vsa
