#include "report/date_in_name.h"

#include <gtest/gtest.h>

namespace vsa {
namespace {

TEST(DateInName, KnowsTheUsualWaysToWriteOne) {
  EXPECT_EQ(DateInName("2026-03-31.mp4"), "2026-03-31");
  EXPECT_EQ(DateInName("call_2026_03_31_b.mp4"), "2026-03-31");
  EXPECT_EQ(DateInName("2026.03.31"), "2026-03-31");
  EXPECT_EQ(DateInName("VID_20260331_120000.mp4"), "2026-03-31");
  EXPECT_EQ(DateInName("2026-03-31T12:00:00Z"), "2026-03-31");
  EXPECT_EQ(DateInName("take 12, 2024-02-29"), "2024-02-29");
}

TEST(DateInName, TakesNothingElseForOne) {
  for (const char* text :
       {"", "clip.mp4", "2026-02-29", "2026-13-01", "2026-04-31", "2026-3-1",
        "2026-03.31", "120260331", "202603311", "1899-12-31", "2026-03-3"})
    EXPECT_EQ(DateInName(text), "") << text;
}

}  // namespace
}  // namespace vsa
