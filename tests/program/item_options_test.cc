#include "program/item_options.h"

#include <gtest/gtest.h>

#include "vsa/error.h"

namespace vsa {
namespace {

TEST(ParseTime, TakesSecondsMinutesAndHours) {
  EXPECT_EQ(ParseTime("--start", "90"), std::chrono::seconds(90));
  EXPECT_EQ(ParseTime("--start", "90.5"), std::chrono::milliseconds(90500));
  EXPECT_EQ(ParseTime("--start", "1:30"), std::chrono::seconds(90));
  EXPECT_EQ(ParseTime("--start", "100:00"), std::chrono::minutes(100));
  EXPECT_EQ(ParseTime("--start", "1:01:30.25"),
            std::chrono::milliseconds(3690250));
}

TEST(ParseTime, RefusesAllElse) {
  for (const char* text :
       {"", "x", "1:", ":1", "1:60", "1:2:3:4", "-1", "1.5:3", "1e3", "nan",
        "1..2", "240:00:01", "999999999999", "999999999999:59:59"}) {
    EXPECT_THROW(ParseTime("--start", text), Error) << text;
  }
}

}  // namespace
}  // namespace vsa
