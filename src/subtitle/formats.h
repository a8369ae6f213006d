// The registry of subtitle formats of text (ebu_stl.h is one of bytes). A
// format is a file of its own here, whose SubtitleFormat formats.cc lists:
// recognition, the names of sidecars, messages and --help follow from the list.
#ifndef VSA_SUBTITLE_FORMATS_H_
#define VSA_SUBTITLE_FORMATS_H_

#include <string>
#include <string_view>
#include <vector>

#include "subtitle/raw_subtitles.h"
#include "subtitle/subtitle.h"

namespace vsa {

// A file as all formats take it. The references must outlive it.
struct SubtitleText {
  const std::string& path;                     // for messages
  std::string extension;                       // of the path: ExtensionOf
  const std::string& text;                     // UTF-8
  const std::vector<std::string_view>& lines;  // of `text`, without their ends
  const SubtitleContext& context;
};

struct SubtitleFormat {
  std::string name;   // as results have it: "srt"
  std::string title;  // as messages have it: "SubRip"; empty: they do not
  // Of sidecars, in lower case without a dot, in the order in which they are
  // tried.
  std::vector<std::string> extensions;
  // Whether line `line` of the file, from 0, tells that it is of this format.
  // Each line is asked for in turn until it is one format's, so that the first
  // line decides that can be of one alone. What a file tells as a whole it
  // tells by its line 0.
  bool (*recognise)(const SubtitleText& file, size_t line);
  // What is damaged is a warning. Throws Error (kInput) only if the format is
  // recognised in order to be refused by its name, or nothing can be read of
  // one that is damaged. Linear in the size of the
  // file.
  RawSubtitles (*parse)(const SubtitleText& file);
  bool timed = true;  // false: its times are made up
};

// In the order in which sidecars are tried and the formats are named.
const std::vector<SubtitleFormat>& SubtitleFormats();

// The format of a file; null if it has none. Where a line may be of several,
// the one with the file's extension has it, else the first in order.
const SubtitleFormat* RecogniseFormat(const SubtitleText& file);

// "SubRip, WebVTT, …, LRC or plain text", for messages.
std::string SubtitleFormatNames();

// The same of the formats that have times.
std::string TimedSubtitleFormatNames();

// The extension of a path in lower case, without its dot; empty if it has none.
std::string ExtensionOf(const std::string& path);

}  // namespace vsa

#endif  // VSA_SUBTITLE_FORMATS_H_
