#include "text/xml_events.h"

#include <gtest/gtest.h>

#include "text/encoding.h"

namespace vsa {
namespace {

TEST(RootName, OfALongNameIsCutBetweenCharacters) {
  std::string name = "x";
  for (int i = 0; i < 40; ++i) name += "é";
  const std::string root = RootName("<" + name + " a='1'/>");
  EXPECT_TRUE(IsUtf8(root));
  EXPECT_EQ(root, name.substr(0, 63));
  EXPECT_EQ(RootName("<a:TT>"), "tt");
}

TEST(ReadXml, AFaultQuotesWholeCharacters) {
  XmlEvents events;
  events.start = [](const XmlElement&) {};
  events.end = [](const std::string&) {};
  events.text = [](std::string_view) {};
  // What libxml quotes is cut somewhere.
  for (const char* shift : {"", "a", "ab"}) {
    std::string text = "<i><![CDATA[" + std::string(shift);
    for (int i = 0; i < 40; ++i) text += "中";
    const std::optional<XmlFault> fault = ReadXml(text, events);
    ASSERT_TRUE(fault.has_value());
    EXPECT_TRUE(IsUtf8(fault->what)) << fault->what;
  }
}

}  // namespace
}  // namespace vsa
