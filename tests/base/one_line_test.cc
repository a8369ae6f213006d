#include "base/one_line.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

TEST(OneLine, WritesControlCharactersOut) {
  EXPECT_EQ(OneLine("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(OneLine("\x1b[31m\x7f\x01"), "\\x1b[31m\\x7f\\x01");
  EXPECT_EQ(OneLine(std::string_view("\0", 1)), "\\x00");
  // U+009B, which some terminals take for ESC [.
  EXPECT_EQ(OneLine("\xC2\x9B"), "\\xc2\\x9b");
}

TEST(OneLine, KeepsAllElse) {
  for (const char* text :
       {"", "a.mp4: is empty", "C:\\n", "caf\xC3\xA9\xC2\xA0", "\xE4\xBD\xA0",
        "not UTF-8: \xE9\xC2", "\x9B"})
    EXPECT_EQ(OneLine(text), text);
}

}  // namespace
}  // namespace vsa
