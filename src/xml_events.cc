#include "xml_events.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "ascii.h"

namespace vsa {
namespace {

constexpr int kDeepest = 1000;

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

struct State {
  const XmlEvents* events;
  xmlParserCtxt* parser;
  int depth = 0;
  bool too_deep = false;
  std::optional<XmlFault> fault;
};

void OnStart(void* data, const xmlChar* name, const xmlChar*, const xmlChar*,
             int, const xmlChar**, int count, int, const xmlChar** values) {
  State* state = static_cast<State*>(data);
  const int line = xmlSAX2GetLineNumber(state->parser);
  if (++state->depth > kDeepest) {
    state->too_deep = true;
    if (!state->fault) state->fault = XmlFault{line, ""};
    state->fault->line = line;
    xmlStopParser(state->parser);
    return;
  }
  XmlElement element;
  element.name = View(name);
  element.line = line;
  for (int i = 0; i < count; ++i) {
    const xmlChar** value = values + 5 * i;  // name, prefix, URI, begin, end
    element.attributes.emplace_back(
        View(value[0]), ReplaceAll({reinterpret_cast<const char*>(value[3]),
                                    static_cast<size_t>(value[4] - value[3])},
                                   kAmpersand, "&"));
  }
  state->events->start(element);
}

void OnEnd(void* data, const xmlChar* name, const xmlChar*, const xmlChar*) {
  State* state = static_cast<State*>(data);
  --state->depth;
  state->events->end(std::string(View(name)));
}

void OnText(void* data, const xmlChar* text, int length) {
  const State* state = static_cast<State*>(data);
  const std::string_view piece(reinterpret_cast<const char*>(text),
                               static_cast<size_t>(length));
  state->events->text(ReplaceAll(piece, kAmpersand, "&"));
}

void OnFault(void* data, xmlError* error) {
  State* state = static_cast<State*>(data);
  if (state->fault || error->level < XML_ERR_ERROR) return;
  // A prefix that is not declared is no harm.
  if (error->domain == XML_FROM_NAMESPACE) return;
  std::string what = error->message == nullptr ? "" : error->message;
  what = ReplaceAll(what, kAmpersand, "&");
  while (!what.empty() && what.back() == '\n') what.pop_back();
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
  // libxml2 takes one for the end.
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
      xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())));
  if (!parser) return XmlFault{1, "empty"};
  State state{&events, parser.get(), 0, false, std::nullopt};
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = OnStart;
  handler.endElementNs = OnEnd;
  handler.characters = OnText;
  handler.ignorableWhitespace = OnText;
  handler.cdataBlock = OnText;
  handler.serror = OnFault;
  *parser->sax = handler;
  parser->userData = &state;
  // The text is UTF-8 whatever it says of itself. XML_PARSE_HUGE only lifts
  // libxml2's own limits of depth and length; there is nothing to expand.
  xmlCtxtUseOptions(parser.get(), XML_PARSE_RECOVER | XML_PARSE_NONET |
                                      XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE);
  xmlParseDocument(parser.get());
  if (state.too_deep) {
    state.fault->what = "elements are nested deeper than " +
                        std::to_string(kDeepest) + "; nothing after it is read";
  }
  return state.fault;
}

std::string RootName(std::string_view utf8) {
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
  if (utf8.substr(at, 1) != "<") return "";
  const size_t begin = at + 1;
  const size_t end = std::min(utf8.find_first_of(" \t\r\n/>", begin),
                              std::min(begin + 64, utf8.size()));
  std::string name(utf8.substr(begin, end - begin));
  name.erase(0, name.find(':') + 1);
  return LowerAscii(name);
}

}  // namespace vsa
