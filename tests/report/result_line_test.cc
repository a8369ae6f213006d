#include "report/result_line.h"

#include <gmock/gmock.h>

#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string FaultOf(const std::string& line) {
  try {
    TakeApart(line);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "";
}

constexpr char kNoJson[] = "is no JSON; expected a result on one line";

TEST(TakeApartTest, SegmentsAreTakenOutAsTheyStand) {
  const std::string line =
      R"({"a": {"segments": [1]}, "segments" : [{"t": "],[\"\\"}, [2, 3] ,4], "b": [5]})";
  const ResultLine taken = TakeApart(line);
  EXPECT_EQ(taken.result.dump(),
            R"({"a":{"segments":[1]},"segments":[],"b":[5]})");
  EXPECT_THAT(taken.segments,
              ElementsAre(R"({"t": "],[\"\\"})", " [2, 3] ", "4"));
  EXPECT_EQ(ReadElement(taken.segments[0])["t"], "],[\"\\");
}

TEST(TakeApartTest, ThereMayBeNone) {
  for (const char* line : {R"({"segments":[]})", R"({"segments":[ ]})", "{}",
                           R"({"segments":{"a":[1]}})", R"([["segments"]])",
                           R"(["segments",[1]])", "1"}) {
    const std::string text = line;
    const ResultLine taken = TakeApart(text);
    EXPECT_THAT(taken.segments, IsEmpty()) << line;
    EXPECT_EQ(taken.result,
              Json::parse(text == R"({"segments":[ ]})" ? R"({"segments":[]})"
                                                        : text))
        << line;
  }
}

TEST(TakeApartTest, TheLastOfTwoCountsHoweverItsKeyIsWritten) {
  const std::string line = R"({"segments":[1,2],"segm\u0065nts":[3]})";
  EXPECT_THAT(TakeApart(line).segments, ElementsAre("3"));
  const std::string other = R"({"segments":[1,2],"segments":null})";
  EXPECT_TRUE(TakeApart(other).result["segments"].is_null());
}

TEST(TakeApartTest, WhatIsNoJsonIsSaidToBe) {
  for (const char* line : {"", "{", "{\"segments\":[", "{\"segments\":[1", "[}",
                           "{\"segments\":[1}}", "{\"segments\":[1]", "\"",
                           "{\"segments\":[1]}]", "]", ":", ",", "{,:}"})
    EXPECT_EQ(FaultOf(line), kNoJson) << line;
  const std::string line = R"({"segments":[1,,NaN,{]})";
  EXPECT_EQ(FaultOf(line), kNoJson);
  for (const char* element : {"", " ", "NaN", "{]", "1 2", "1e999", "'a'"})
    EXPECT_THROW(ReadElement(element), Error) << element;
}

TEST(TakeApartTest, WhatWouldTakeHoursOrTheMemoryIsRefused) {
  EXPECT_EQ(FaultOf(std::string(1000000, '[')),
            "is no result; it is nested too deep");
  std::string keys = "{\"a\":{";
  for (int i = 0; i < 1001; ++i) keys += "\"" + std::to_string(i) + "\":0,";
  EXPECT_EQ(FaultOf(keys + "\"b\":0}}"),
            "is no result; an object of it has over 1000 keys");
  EXPECT_EQ(FaultOf("\"" + std::string(64000000, ' ') + "\""),
            "is no result; what is no segment, or a single one, is over 64 MB");
}

TEST(TakeApartTest, AMillionSegmentsAreReadOneAfterTheOther) {
  std::string line = "{\"segments\":[";
  for (int i = 0; i < 1000000; ++i) line += "{\"start\":1},";
  line.back() = ']';
  line += '}';
  EXPECT_THAT(TakeApart(line).segments, SizeIs(1000000));
}

}  // namespace
}  // namespace vsa
