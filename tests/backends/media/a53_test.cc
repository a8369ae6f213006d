#include "backends/media/a53.h"

#include <gtest/gtest.h>

#include <string>

namespace vsa {
namespace {

// User data of MPEG-2 that says it has `count` triplets.
std::string Head(int count) {
  return std::string("\x00\x00\x01\xB2GA94\x03", 9) +
         static_cast<char>(0x40 + count) + '\xFF';
}

TEST(CaptionsInPacket, AreThoseOfEachBlockOneAfterTheOther) {
  EXPECT_EQ(CaptionsInPacket(Head(2) + "abcdef" + Head(1) + "ghi"),
            "abcdefghi");
  EXPECT_EQ(CaptionsInPacket(Head(2) + "abcde"), "abc");
}

TEST(CaptionsInPacket, ABlockThatLooksLikeOneWithinAnotherIsNone) {
  const std::string inner = Head(1) + "a";
  EXPECT_EQ(CaptionsInPacket(Head(4) + inner + "b"), inner);
}

}  // namespace
}  // namespace vsa
