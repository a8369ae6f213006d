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

}  // namespace
}  // namespace vsa
