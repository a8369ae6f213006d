// XML as subtitles and danmaku are read from it.
#include <algorithm>

#include "fuzz/checks.h"
#include "text/xml_events.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  const std::string utf8 = DecodeText(bytes, "UTF-8").utf8;
  const auto lines = 1 + std::count(utf8.begin(), utf8.end(), '\n') +
                     std::count(utf8.begin(), utf8.end(), '\r');
  std::vector<std::string> open;
  std::size_t text_bytes = 0;
  XmlEvents events;
  events.start = [&](const XmlElement& element) {
    open.push_back(element.name);
    Require(open.size() <= 1001, "elements are nested 1000 deep at most");
    RequireLine(element.name, "a name is a line of UTF-8");
    Require(element.line >= 0 && element.line <= lines,
            "an element is on a line of the file");
    for (const auto& [name, value] : element.attributes)
      Require(IsUtf8(name) && IsUtf8(value), "attributes are UTF-8");
  };
  events.end = [&](const std::string& name) {
    // Those that never end have no event.
    while (!open.empty() && open.back() != name) open.pop_back();
    Require(!open.empty(), "what ends has begun");
    open.pop_back();
  };
  events.text = [&](std::string_view text) {
    text_bytes += text.size();
    Require(IsUtf8(text), "text is UTF-8");
  };
  const std::optional<XmlFault> fault = ReadXml(utf8, events);
  Require(text_bytes <= 8 * utf8.size() + 8, "no entity is expanded");
  if (fault) RequireLine(fault->what, "a fault is one line");
  RequireLine(RootName(utf8), "a name is a line of UTF-8");
}
