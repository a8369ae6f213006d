// Danmaku as XML: Bilibili's two versions and recordings of its live streams,
// dandanplay's, Niconico's.
#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "subtitle/danmaku_dialects.h"
#include "text/xml_events.h"

namespace vsa {
namespace {

// The names in small letters.
struct Dialect {
  std::string_view root;
  // Elements that are comments; their text is what was written, or, if they
  // have elements of their own, that of "m" or "message".
  std::vector<std::string_view> comments;
  // One of which tells the dialect from other XML with the same root.
  std::vector<std::string_view> marks;
  const char* expected;
};

const std::vector<Dialect>& Dialects() {
  static const auto* const kDialects = new std::vector<Dialect>{
      // "sc" is a Super Chat, which is paid for. No comment yet: <chatserver>.
      {"i",
       {"d", "sc"},
       {"<d ", "<d\n", "<d\t", "<chatserver>", "<sc "},
       "<d p=\"SECONDS,…\">"},
      {"packet",
       {"chat"},
       {"<chat ", "<thread "},
       "<chat vpos=\"HUNDREDTHS\">"},
      {"comments",
       {"comment"},
       {"<p>", "<time>", " time=", " p="},
       "<p>SECONDS,…</p>"},
      {"commentresponse", {"comment"}, {"<comment"}, "<p>SECONDS,…</p>"},
  };
  return *kDialects;
}

const Dialect* DialectOf(const std::string& utf8) {
  const std::string root = RootName(utf8);
  if (root.empty()) return nullptr;
  // What tells stands in the beginning; a file may hold 100 MB.
  const std::string text =
      LowerAscii(std::string_view(utf8).substr(0, 100'000));
  for (const Dialect& dialect : Dialects()) {
    if (dialect.root != root) continue;
    for (const std::string_view mark : dialect.marks)
      if (text.find(mark) != std::string::npos) return &dialect;
  }
  return nullptr;
}

// Where the tag that starts at `at` ends, past its '>'; the end of the text if
// it is cut.
size_t TagEnd(std::string_view text, size_t at) {
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return at;
}

// Where the words that begin at `at` end: with "</d>" if they are closed and no
// CDATA, which may hold anything.
size_t EndOfWords(std::string_view text, size_t at) {
  for (; (at = text.find('<', at)) != text.npos; ++at) {
    for (const std::string_view end : {"</d>", "<d ", "<![CDATA["})
      if (text.substr(at, end.size()) == end) return at;
  }
  return text.size();
}

// The text with "&lt;" for each "<" within Bilibili's comments, which hold no
// elements, and "&gt;" for each ">": many programs write what was typed as it
// is, "<3" or "]]>" for one.
std::string WithoutStrayTags(std::string_view text) {
  std::string out;
  size_t at = 0;
  for (;;) {
    const size_t comment = text.find("<d ", at);
    const size_t begin =
        comment == text.npos ? text.npos : TagEnd(text, comment);
    out.append(text, at, begin - at);
    if (begin >= text.size()) return out;
    at = begin;
    if (text[begin - 2] == '/') continue;
    const size_t end = EndOfWords(text, begin);
    if (text.substr(end, 4) != "</d>") continue;
    const std::string_view words = text.substr(begin, end - begin);
    for (const char c : words) {
      if (c == '<') {
        out += "&lt;";
      } else if (c == '>') {
        out += "&gt;";
      } else {
        out += c;
      }
    }
    at = end;
  }
}

// Values by name, in small letters: an element's attributes and the elements
// in it.
using Values = std::map<std::string, std::string>;

std::string Get(const Values& values, const char* name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

CommentPlace PlaceOf(const std::string& element, const Values& values) {
  if (element == "sc") return {CommentTime(Get(values, "ts"), 1e6)};
  if (element == "chat") {
    // The owner's commands to the player.
    const std::string text = Get(values, "");
    const bool command = Get(values, "fork") == "1" &&
                         (text.rfind('@', 0) == 0 || text.rfind("＠", 0) == 0);
    return {CommentTime(Get(values, "vpos"), 1e4), !command};
  }
  if (values.count("p") > 0) return PlaceOfFields(Get(values, "p"));
  return {CommentTime(Get(values, "time"), 1e6),
          IsModeOfWords(Get(values, "mode"))};
}

std::string TextOf(const Values& values) {
  for (const char* name : {"m", "message"})
    if (values.count(name) > 0) return Get(values, name);
  return Get(values, "");
}

}  // namespace

bool IsXmlDanmaku(const std::string& utf8) {
  return DialectOf(utf8) != nullptr;
}

Danmaku ParseXmlDanmaku(const std::string& path, const std::string& utf8) {
  const Dialect& dialect = *DialectOf(utf8);
  DanmakuBuilder builder;
  std::string element;  // the comment; empty outside of one
  std::string part;     // the element within it; empty for its own text
  Values values;
  int line = 0;
  const auto add = [&] {
    if (element.empty()) return;
    builder.Add(PlaceOf(element, values), TextOf(values),
                path + ":" + std::to_string(line));
    element.clear();
  };
  XmlEvents events;
  events.start = [&](const XmlElement& started) {
    const std::string name = LowerAscii(started.name);
    const auto& names = dialect.comments;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      part = name;
      return;
    }
    add();  // one that was never closed
    element = name;
    part.clear();
    line = started.line;
    values.clear();
    for (const auto& [key, value] : started.attributes)
      values[LowerAscii(key)] = value;
  };
  events.end = [&](const std::string& name) {
    if (LowerAscii(name) == element) add();
    part.clear();
  };
  events.text = [&](std::string_view piece) {
    if (!element.empty()) values[part] += piece;
  };
  const std::optional<XmlFault> fault =
      ReadXml(dialect.root == "i" ? WithoutStrayTags(utf8) : utf8, events);
  add();
  Danmaku danmaku = builder.Finish(dialect.expected);
  if (fault) {
    danmaku.warnings.push_back(
        {"danmaku_damaged", path + ":" + std::to_string(fault->line) +
                                ": damaged XML: " + fault->what});
  }
  return danmaku;
}

}  // namespace vsa
