#include "text/xml_events.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/ascii.h"
#include "text/encoding.h"

namespace vsa {
namespace {

constexpr int kDeepest = 1000;
constexpr int kMostAttributes = 256;
constexpr int kMostNames = 10000;

// libxml2 expands entities, and drops them once a file is not well-formed. So
// that it does neither, it never sees an ampersand but this character, which no
// text holds: Unicode keeps it for such uses.
constexpr std::string_view kAmpersand = "\xEF\xB7\x90";

std::string ReplaceAll(std::string_view text, std::string_view from,
                       std::string_view to) {
  std::string out;
  size_t at = 0;
  for (;;) {
    const size_t found = text.find(from, at);
    out.append(text, at, found - at);
    if (found == std::string_view::npos) return out;
    out.append(to);
    at = found + from.size();
  }
}

std::string_view View(const xmlChar* text) {
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

// Where the first element starts, or what else follows all declarations.
size_t FirstElement(std::string_view utf8) {
  size_t at = 0;
  const auto skip_to = [&](std::string_view end) {
    const size_t found = utf8.find(end, at);
    at = found == std::string_view::npos ? utf8.size() : found + end.size();
  };
  while (at < utf8.size()) {
    at = std::min(utf8.find_first_not_of(" \t\r\n", at), utf8.size());
    if (utf8.substr(at, 4) == "<!--") {
      skip_to("-->");
    } else if (utf8.substr(at, 2) == "<?") {
      skip_to("?>");
    } else if (utf8.substr(at, 2) == "<!") {
      // Up to the end of what a DOCTYPE declares within brackets.
      const size_t end = utf8.find('>', at);
      const bool declares = utf8.substr(0, end).find('[', at) != utf8.npos;
      skip_to(declares ? "]>" : ">");
    } else {
      break;
    }
  }
  return at;
}

// Where the first element with more than kMostAttributes starts: libxml2
// compares each with all others.
std::optional<size_t> FindCrowdedElement(std::string_view text) {
  size_t start = 0;
  int attributes = 0;
  bool in_tag = false;
  char quote = '\0';  // within a value
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<') {  // no value may hold one
      const char next = i + 1 < text.size() ? text[i + 1] : '!';
      in_tag = next != '!' && next != '?';
      start = i;
      attributes = 0;
      quote = '\0';
    } else if (!in_tag) {
      continue;
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      in_tag = false;
    } else if (c == '=' && ++attributes > kMostAttributes) {
      return start;
    }
  }
  return std::nullopt;
}

struct State {
  const XmlEvents* events;
  xmlParserCtxt* parser;
  int depth = 0;
  std::optional<XmlFault> fault;
};

// Ends the reading.
void Stop(const std::string& what, State* state) {
  state->fault = XmlFault{xmlSAX2GetLineNumber(state->parser),
                          what + "; nothing after it is read"};
  xmlStopParser(state->parser);
}

bool HasTooManyNames(State* state) {
  if (xmlDictSize(state->parser->dict) <= kMostNames) return false;
  Stop("more than " + std::to_string(kMostNames) +
           " different names of elements and attributes",
       state);
  return true;
}

std::string WithoutPrefix(std::string_view name) {
  return std::string(name.substr(name.find(':') + 1));
}

// `attributes` are names and values in turn; null at the end, or if there are
// none.
void OnStart(void* data, const xmlChar* name, const xmlChar** attributes) {
  State* state = static_cast<State*>(data);
  if (++state->depth > kDeepest) {
    Stop("elements are nested deeper than " + std::to_string(kDeepest), state);
    return;
  }
  if (HasTooManyNames(state)) return;
  XmlElement element;
  element.name = WithoutPrefix(View(name));
  element.line = xmlSAX2GetLineNumber(state->parser);
  for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
    element.attributes.emplace_back(
        WithoutPrefix(View(attributes[0])),
        ReplaceAll(View(attributes[1]), kAmpersand, "&"));
  }
  state->events->start(element);
}

void OnEnd(void* data, const xmlChar* name) {
  State* state = static_cast<State*>(data);
  --state->depth;
  state->events->end(WithoutPrefix(View(name)));
}

void OnInstruction(void* data, const xmlChar*, const xmlChar*) {
  HasTooManyNames(static_cast<State*>(data));
}

void OnText(void* data, const xmlChar* text, int length) {
  const State* state = static_cast<State*>(data);
  const std::string_view piece(reinterpret_cast<const char*>(text),
                               static_cast<size_t>(length));
  state->events->text(ReplaceAll(piece, kAmpersand, "&"));
}

void OnFault(void* data, const char*, ...) {
  State* state = static_cast<State*>(data);
  const xmlError* error = xmlCtxtGetLastError(state->parser);
  if (state->fault || error == nullptr) return;
  std::string what = error->message == nullptr ? "" : error->message;
  what = ReplaceAll(what, kAmpersand, "&");
  // Some begin with the name of a function, or name a line that this version of
  // SAX does not keep.
  if (what.rfind("xmlParse", 0) == 0) what.erase(0, what.find(": ") + 2);
  what = ReplaceAll(what, " line 0", "");
  while (!what.empty() && what.back() == '\n') what.pop_back();
  // libxml cuts what it quotes, which may be within a character.
  what = DecodeText(what, "UTF-8").utf8;
  std::replace_if(
      what.begin(), what.end(),
      [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  state->fault = XmlFault{error->line, what};
}

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

}  // namespace

std::optional<std::string> XmlElement::Find(std::string_view attribute) const {
  for (const auto& [name, value] : attributes) {
    if (name == attribute) return value;
  }
  return std::nullopt;
}

std::optional<XmlFault> ReadXml(const std::string& utf8,
                                const XmlEvents& events) {
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
  std::string text = ReplaceAll(utf8, "&", kAmpersand);
  // A zero byte would be the end.
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  // What is declared there is of no use here, and may do harm.
  const auto first =
      text.begin() + static_cast<std::ptrdiff_t>(FirstElement(text));
  std::replace_if(
      text.begin(), first, [](char c) { return c != '\n'; }, ' ');
  std::optional<XmlFault> crowd;
  if (const std::optional<size_t> crowded = FindCrowdedElement(text)) {
    const auto line =
        1 + std::count(text.begin(),
                       text.begin() + static_cast<std::ptrdiff_t>(*crowded),
                       '\n');
    crowd =
        XmlFault{static_cast<int>(line),
                 "an element has more than " + std::to_string(kMostAttributes) +
                     " attributes; nothing after it is read"};
    text.resize(*crowded);
  }
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
      xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())));
  if (!parser) return XmlFault{1, "empty"};
  State state{&events, parser.get(), 0, std::nullopt};
  xmlSAXHandler handler{};
  // The first version of SAX: the second knows namespaces, and looks each name
  // up among all that are declared around it.
  handler.initialized = 1;
  handler.startElement = OnStart;
  handler.endElement = OnEnd;
  handler.processingInstruction = OnInstruction;
  handler.characters = OnText;
  handler.ignorableWhitespace = OnText;
  handler.cdataBlock = OnText;
  handler.error = OnFault;
  *parser->sax = handler;
  parser->userData = &state;
  // XML_PARSE_HUGE only lifts libxml2's own limits of depth and length; there
  // is nothing to expand.
  xmlCtxtUseOptions(parser.get(),
                    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_HUGE);
  xmlParseDocument(parser.get());
  return crowd ? crowd : state.fault;
}

std::string RootName(std::string_view utf8) {
  const size_t at = FirstElement(utf8);
  if (utf8.substr(at, 1) != "<") return "";
  const size_t begin = at + 1;
  size_t end = std::min(utf8.find_first_of(" \t\r\n/>", begin),
                        std::min(begin + 64, utf8.size()));
  // Not within a character.
  while (end > begin && end < utf8.size() && (utf8[end] & 0xC0) == 0x80) --end;
  std::string name(utf8.substr(begin, end - begin));
  name.erase(0, name.find(':') + 1);
  return LowerAscii(name);
}

}  // namespace vsa
