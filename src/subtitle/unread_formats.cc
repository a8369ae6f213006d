#include "subtitle/unread_formats.h"

#include <algorithm>

#include "base/ascii.h"
#include "subtitle/formats.h"
#include "text/xml_events.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using std::string_view_literals::operator""sv;

// A line begins with a shape: '9' is a number, ' ' any blanks, '~' one or more,
// ':' may be ';' (frames that were dropped), others are themselves.
struct UnreadText {
  const char* name;
  std::string_view shape;
};

constexpr UnreadText kTexts[] = {
    {"MacCaption (MCC)", "File Format=MacCaption_MCC"},
    {"VobSub, pictures of text", "# VobSub index file"},
    {"Spruce STL", "//English subtitles"},
    {"Spruce STL", "$FontName ="},
    {"Spruce STL", "9:9:9:9 , 9:9:9:9 ,"},
    {"Avid DS captions", "@ This file written with the Avid Caption plugin"},
    {"Avid DS captions", "<begin subtitles>"},
    {"Adobe Encore text", "9:9:9:9~9:9:9:9~"},
    {"Adobe Encore text", "9~9:9:9:9~9:9:9:9~"},
    {"SubViewer", "[INFORMATION]"},
    {"SubViewer 1", "******** START SCRIPT"},
    {"DVD-Subtitle", "{HEAD"},
    {"DVD-Subtitle", "{T 9:9:9:9"},
    {"JACOsub", "9:9:9.9~9:9:9.9~"},
    {"JACOsub", "@9~@9~"},
    {"QTtext", "{QTtext}"},
    {"MPsub", "FORMAT=TIME"},
    {"MPsub", "FORMAT=9"},
    {"AQTitle", "-->> 9"},
    {"PowerDivX", "{9:9:9}{9:9:9}"},
    {"PJS", "9, 9, \""},
    {"RTF, a document of a word processor", "{\\rtf9"},
};

struct UnreadXml {
  const char* name;
  std::string_view root;  // in lower case
};

constexpr UnreadXml kXml[] = {
    {"RealText", "window"},
    {"USF", "usfsubtitles"},
    {"Final Cut XML", "fcpxml"},
    {"Final Cut XML", "xmeml"},
};

struct UnreadBytes {
  const char* name;
  size_t offset;
  std::string_view bytes;
};

constexpr UnreadBytes kBytes[] = {
    {"VobSub, pictures of text", 0, "\0\0\1\xBA"sv},
    {"Cheetah CAP", 0, "\xEA\x22\x01\0"sv},
};

bool HasShape(std::string_view line, std::string_view shape) {
  const auto take = [&line](auto is_of) {
    size_t n = 0;
    while (n < line.size() && is_of(line[n])) ++n;
    line.remove_prefix(n);
    return n > 0;
  };
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  return std::all_of(shape.begin(), shape.end(), [&](char sign) {
    if (sign == '9') return take(IsAsciiDigit);
    if (sign == '~') return take(is_blank);
    if (sign == ' ') return take(is_blank) || true;
    if (line.empty()) return false;
    const char c = line.front();
    line.remove_prefix(1);
    return c == sign || (sign == ':' && c == ';');
  });
}

// "[00:00:01]" with its words in the next line. LRC has them behind it.
bool IsSubViewer1(const SubtitleText& file, size_t line) {
  const std::string_view time = Trim(file.lines[line]);
  if (!HasShape(time, "[9:9:9]") || time.size() != 10) return false;
  if (line + 1 == file.lines.size()) return false;
  const std::string_view words = Trim(file.lines[line + 1]);
  return !words.empty() && words.front() != '[';
}

// The name of the format that a line tells; null if it tells none.
const char* NameOf(const SubtitleText& file, size_t line) {
  if (line == 0) {
    const std::string root = RootName(file.text);
    for (const UnreadXml& format : kXml)
      if (format.root == root) return format.name;
  }
  const std::string_view words = Trim(file.lines[line]);
  for (const UnreadText& format : kTexts)
    if (HasShape(words, format.shape)) return format.name;
  return IsSubViewer1(file, line) ? "SubViewer 1" : nullptr;
}

[[noreturn]] void Refuse(const std::string& path, const std::string& name) {
  throw Error(ErrorKind::kInput, path + ": is " + name +
                                     ", which is not read; expected " +
                                     SubtitleFormatNames());
}

bool Recognise(const SubtitleText& file, size_t line) {
  return NameOf(file, line) != nullptr;
}

RawSubtitles Parse(const SubtitleText& file) {
  for (size_t line = 0; line < file.lines.size(); ++line)
    if (const char* name = NameOf(file, line)) Refuse(file.path, name);
  return {};
}

// A segment begins with "PG", a time, one that is 0 nearly always, and its
// kind.
bool IsPgs(std::string_view head) {
  return head.substr(0, 2) == "PG" && head.size() > 10 &&
         std::string_view("\x14\x15\x16\x17").find(head[10]) !=
             std::string_view::npos;
}

}  // namespace

// No subtitles that can be read, but taken for plain text.
SubtitleFormat UnreadFormats() {
  return {"unread", /*title=*/"", /*extensions=*/{}, Recognise, Parse};
}

void RefuseUnreadBytes(const std::string& path, std::string_view head) {
  if (IsPgs(head)) Refuse(path, "PGS, pictures of text");
  for (const UnreadBytes& format : kBytes) {
    if (head.size() > format.offset &&
        head.substr(format.offset, format.bytes.size()) == format.bytes)
      Refuse(path, format.name);
  }
}

}  // namespace vsa
