#include "output/result.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/program/result_schema.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Analysis OneSegment() {
  Analysis analysis;
  analysis.model = {"m", "1", std::string(64, 'a'), "fp32"};
  analysis.video = "a.mp4";
  analysis.info.width = 640;
  analysis.info.height = 360;
  Prediction prediction;
  prediction.sentiment = {1.0 / 3, 1.0 / 3, 1.0 / 3};
  prediction.emotions = {1.0 / 7, 1.0 / 7, 1.0 / 7, 1.0 / 7,
                         1.0 / 7, 1.0 / 7, 1.0 / 7};
  prediction.intensity = -1e-9;
  SegmentVerdict verdict;
  verdict.segment = {Time(0), Time(3900000), "Hi \xE2\x99\xA5."};
  verdict.prediction = prediction;
  analysis.whole = prediction;
  analysis.segments = {verdict};
  return analysis;
}

TEST(FormatResult, PrintedProbabilitiesSumToOne) {
  const json result = json::parse(FormatResult(OneSegment(), {}));
  double sum = 0;
  for (const auto& [name, share] : result["sentiment"]["probabilities"].items())
    sum += share.get<double>();
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_EQ(result["sentiment"]["probabilities"]["negative"], 0.333334);
  EXPECT_EQ(result["sentiment"]["probabilities"]["positive"], 0.333333);
  sum = 0;
  for (const auto& [name, share] : result["emotions"].items())
    sum += share.get<double>();
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(FormatResult, IsOneLineOfUnescapedUtf8WithoutNegativeZero) {
  const std::string text = FormatResult(OneSegment(), {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, HasSubstr("\"text\":\"Hi \xE2\x99\xA5.\""));
  EXPECT_THAT(text, HasSubstr("\"intensity\":0.0"));
  EXPECT_THAT(text, HasSubstr("\"end\":3.9,"));
  EXPECT_THAT(text, HasSubstr("\"duration\":null"));
  EXPECT_EQ(text.find("stats"), std::string::npos);
}

// Whatever the version of the JSON library makes of them.
TEST(FormatResult, WholeFiguresKeepTheirPoint) {
  Analysis analysis = OneSegment();
  analysis.segments[0].segment.end = Time(4000000);
  analysis.segments[0].prediction->sentiment = {1, 0, 0};
  analysis.segments[0].prediction->intensity = -3;
  analysis.info.frame_rate = 25;
  const std::string text = FormatResult(analysis, {});
  EXPECT_THAT(text, HasSubstr("\"frame_rate\":25.0"));
  EXPECT_THAT(text, HasSubstr("\"start\":0.0,\"end\":4.0,"));
  EXPECT_THAT(text, HasSubstr("{\"negative\":1.0,\"neutral\":0.0,"
                              "\"positive\":0.0}"));
  EXPECT_THAT(text, HasSubstr("\"intensity\":-3.0"));
}

TEST(FormatResult, TiesGoToTheFirstClass) {
  const json result = json::parse(FormatResult(OneSegment(), {}));
  EXPECT_EQ(result["sentiment"]["label"], "negative");
}

TEST(FormatResult, WithoutEvidenceIsNull) {
  Analysis analysis = OneSegment();
  analysis.whole.reset();
  analysis.segments[0].prediction.reset();
  const json result = json::parse(FormatResult(analysis, {}));
  EXPECT_TRUE(result["sentiment"].is_null());
  EXPECT_TRUE(result["segments"][0]["emotions"].is_null());
}

TEST(FormatResult, SaysByWhatWordsWereHeard) {
  Analysis analysis = OneSegment();
  analysis.modalities = {kModalities[0], kModalities[1]};
  analysis.present = analysis.segments[0].present = {true, false};
  analysis.subtitle_source = "speech";
  analysis.cues = 1;
  analysis.speech = HeardSpeech{
      "en", 0.98, Time(41300000), {"speech", "1", std::string(64, 'b')}};
  analysis.segments[0].confidence = 0.875;
  const std::string text = FormatResult(analysis, {});
  EXPECT_EQ(FaultOfResult(text), "");
  const json result = json::parse(text);
  EXPECT_EQ(result["speech"], json({{"language", "en"},
                                    {"probability", 0.98},
                                    {"seconds", 41.3},
                                    {"model",
                                     {{"name", "speech"},
                                      {"version", "1"},
                                      {"sha256", std::string(64, 'b')}}}}));
  EXPECT_EQ(result["segments"][0]["confidence"], 0.875);
  analysis.subtitle_source = "none";
  EXPECT_NE(FaultOfResult(FormatResult(analysis, {})), "");
}

TEST(FormatResult, ReplacesBytesOfAPathThatAreNotUtf8) {
  Analysis analysis = OneSegment();
  analysis.video = "caf\xE9.mp4";
  EXPECT_THAT(FormatResult(analysis, {}), HasSubstr("caf\xEF\xBF\xBD.mp4"));
}

TEST(FormatFailure, NamesKindAndMessage) {
  Item item;
  item.video = "a.mp4";
  item.id = "7";
  EXPECT_EQ(
      FormatFailure(item, Error(ErrorKind::kInput, "a.mp4: is empty"), {}),
      R"({"schema":"vsa.result/1","id":"7","video":{"path":"a.mp4"},"error":{"kind":"input","message":"a.mp4: is empty"}})"
      "\n");
}

TEST(IsResult, KnowsItsOwnAndNothingElse) {
  EXPECT_TRUE(IsResult(FormatResult(OneSegment(), {true, true})));
  EXPECT_TRUE(IsResult(FormatFailure({}, Error(ErrorKind::kInput, "x"), {})));
  EXPECT_FALSE(IsResult(""));
  EXPECT_FALSE(IsResult("{}"));
  EXPECT_FALSE(IsResult("[1]"));
  EXPECT_FALSE(IsResult(R"({"schema": "vsa.metrics/1"})"));
  EXPECT_FALSE(IsResult("my notes"));
}

}  // namespace
}  // namespace vsa
