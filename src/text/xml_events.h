// XML files as a stream of events, through libxml2: damaged ones are read as
// far as can be, hostile ones cost no more than their size.
#ifndef VSA_TEXT_XML_EVENTS_H_
#define VSA_TEXT_XML_EVENTS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vsa {

// Names are without their prefix: "tts:ruby" is "ruby".
struct XmlElement {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  int line = 0;  // of the file, from 1

  // The value of an attribute; nothing if there is none.
  std::optional<std::string> Find(std::string_view attribute) const;
};

// What is called on the way; none may throw. Text comes in pieces, its entities
// as they are written ("&amp;"): none is ever expanded here.
struct XmlEvents {
  std::function<void(const XmlElement&)> start;
  std::function<void(const std::string& name)> end;
  std::function<void(std::string_view text)> text;
};

struct XmlFault {
  int line = 0;
  std::string what;  // one line
};

// Gives all that can be read of `utf8`, up to its end where possible. Returns
// its first fault, or nothing if it is sound XML. Elements that never end have
// no end event. Elements nested deeper than 1000, or with more than 256
// attributes, and more than 10,000 different names end the reading.
std::optional<XmlFault> ReadXml(const std::string& utf8,
                                const XmlEvents& events);

// The name of the first element in small letters, without its prefix; empty if
// `utf8` does not begin like XML or HTML.
std::string RootName(std::string_view utf8);

}  // namespace vsa

#endif  // VSA_TEXT_XML_EVENTS_H_
