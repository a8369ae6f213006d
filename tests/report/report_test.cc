#include "report/report.h"

#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "report/report_page.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

json Verdict(const std::string& label, double intensity) {
  return {{"sentiment",
           {{"label", label},
            {"probabilities",
             {{"negative", 0.1}, {"neutral", 0.2}, {"positive", 0.7}}},
            {"intensity", intensity}}},
          {"emotions",
           {{"neutral", 0.4},
            {"happy", 0.1},
            {"sad", 0.1},
            {"angry", 0.1},
            {"fear", 0.1},
            {"disgust", 0.1},
            {"surprise", 0.1}}}};
}

json Result(const std::string& path) {
  json segment = {{"start", 0},
                  {"end", 2.5},
                  {"text", "Good."},
                  {"modalities", {{"text", true}, {"visual", false}}}};
  segment.update(Verdict("positive", 1.5));
  json result = {
      {"schema", "vsa.result/1"},
      {"id", nullptr},
      {"video", {{"path", path}, {"duration", 2.5}}},
      {"model",
       {{"name", "m"}, {"version", "1"}, {"sha256", "abc"}, {"dtype", "fp32"}}},
      {"modalities", {{"text", true}, {"visual", false}}},
      {"segments", json::array({segment})},
      {"warnings", json::array()}};
  result.update(Verdict("positive", 0.5));
  return result;
}

json Explained() {
  json result = Result("a.mp4");
  result["video"].update({{"width", 200}, {"height", 100}});
  const auto face = [](double time, const json& box, double score) {
    return json{{"time", time}, {"box", box}, {"score", score}};
  };
  json text = Verdict("positive", 2);
  text["changed"] = {{"probability", 0.5}, {"intensity", 1.2}};
  result["segments"][0]["explanation"] = {
      {"method", "leave-one-out"},
      {"text", text},
      {"visual",
       {{"sentiment", nullptr},
        {"emotions", nullptr},
        {"changed", {{"probability", -0.133}, {"intensity", 0.3}}}}},
      {"words",
       {{{"word", "Good"}, {"start", 0}, {"end", 4}, {"score", -0.06}}}},
      {"faces",
       {face(0, {0, 0, 10, 10}, 0.02), face(0.5, {0, 0, 10, 10}, -0.02),
        face(0.5, {50, 10, 20, 20}, 0.03)}}};
  return result;
}

json WithAudience() {
  json result = Result("a.mp4");
  const json window = {{"start", 0},
                       {"end", 10},
                       {"comments", 3},
                       {"sentiment", nullptr},
                       {"emotions", nullptr}};
  result["audience"] = {{"path", "a.xml"},     {"encoding", "UTF-8"},
                        {"comments", 3},       {"sentiment", nullptr},
                        {"emotions", nullptr}, {"windows", {window}},
                        {"moments", {window}}};
  return result;
}

class ReadResultsTest : public TemporaryFolder {
 protected:
  ReportData Read(const std::string& lines) const {
    return ReadResults(Write("r.jsonl", lines), (folder_ / "r.html").string());
  }
  json Row(const json& result) const {
    return json::parse(Read(result.dump()).videos.at(0).row);
  }
  // What is said of a result that `change` was done to.
  std::string FaultOf(const std::function<void(json*)>& change) const {
    json result = Result("b.mp4");
    change(&result);
    const ReportData data =
        Read(Result("a.mp4").dump() + "\n" + result.dump() + "\n");
    EXPECT_THAT(data.videos, SizeIs(1));
    if (data.faults.empty()) return "";
    const std::string start = (folder_ / "r.jsonl").string() + ":2: ";
    EXPECT_EQ(data.faults[0].substr(0, start.size()), start);
    return data.faults[0].substr(start.size());
  }
  std::string ErrorOf(const std::string& lines) const {
    try {
      Read(lines);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      return std::string(error.what()).substr(folder_.string().size() + 1);
    }
    return "";
  }
};

TEST_F(ReadResultsTest, KeepsWhatThePageShows) {
  const ReportData data = Read(Result("a.mp4").dump() + "\n");
  EXPECT_THAT(data.faults, IsEmpty());
  ASSERT_THAT(data.videos, SizeIs(1));
  const json row = json::parse(data.videos[0].row);
  EXPECT_EQ(row["path"], "a.mp4");
  EXPECT_EQ(row["verdict"][2], 500);
  EXPECT_EQ(row["segments"], 1);
  EXPECT_EQ(
      json::parse(data.videos[0].details),
      json::parse(
          R"({"modalities":["text","visual"],"segments":[[0,2500,[2,[100,200,700],1500,[400,100,100,100,100,100,100]],"Good.",[0]]],"warnings":[]})"));
  EXPECT_EQ(row["moments"], json::parse(R"([[0,0,2500,[2,[100,200,700],1500,
                [400,100,100,100,100,100,100]],"Good."]])"));
  ASSERT_THAT(data.moments, SizeIs(1));
  EXPECT_EQ(data.moments[0].end, Time(2500000));
}

TEST_F(ReadResultsTest, AnExplanationHasTheFaceThatDecided) {
  const ReportData data = Read(Explained().dump());
  EXPECT_THAT(data.faults, IsEmpty());
  EXPECT_EQ(json::parse(data.videos[0].details)["segments"][0][5],
            json::parse(
                R"({"parts":[[[2,[100,200,700],2000],500,1200],[null,-133,300]],
              "words":[[0,4,-60]],"face":[500,30,250,100,100,200]})"));
  // Of the faces in its frame it is the first; the row of the moment does
  // without the explanation.
  const DecidingFrame& deciding = data.moments.at(0).deciding.value();
  EXPECT_EQ(deciding.time, Time(500000));
  EXPECT_THAT(deciding.faces, ElementsAre(FaceBox{0.25, 0.1, 0.1, 0.2},
                                          FaceBox{0, 0, 0.05, 0.1}));
  EXPECT_THAT(json::parse(data.videos[0].row)["moments"][0], SizeIs(5));
}

TEST_F(ReadResultsTest, WordsThatWereHeardSayHowSurely) {
  json result = Result("a.mp4");
  result["speech"] = {{"language", "en"}, {"probability", 0.9}};
  result["segments"][0]["confidence"] = 0.8126;
  const ReportData data = Read(result.dump());
  EXPECT_THAT(data.faults, IsEmpty());
  const json row = json::parse(data.videos[0].row);
  EXPECT_EQ(row["heard"], "en");
  EXPECT_EQ(row["moments"][0][5], 813);
  const json segment = json::parse(data.videos[0].details)["segments"][0];
  EXPECT_EQ(segment[5], nullptr);
  EXPECT_EQ(segment[6], 813);
  EXPECT_FALSE(Row(Result("a.mp4")).contains("heard"));

  json explained = Explained();
  explained["segments"][0]["confidence"] = 1;
  const json both =
      json::parse(Read(explained.dump()).videos[0].details)["segments"][0];
  EXPECT_TRUE(both[5].is_object());
  EXPECT_EQ(both[6], 1000);
  EXPECT_EQ(FaultOf([](json* r) { (*r)["segments"][0]["confidence"] = 2; }),
            "segments[0].confidence: expected a number from 0 to 1");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["speech"] = json::object(); }),
            "speech.language is missing");
}

TEST_F(ReadResultsTest, AModalityIsOneOfTheKeysFound) {
  json result = Explained();
  result["modalities"]["voice"] = true;
  json& segment = result["segments"][0];
  segment["modalities"]["voice"] = true;
  segment["explanation"]["voice"] = segment["explanation"]["text"];
  const ReportData data = Read(result.dump());
  EXPECT_THAT(data.faults, IsEmpty());
  const json details = json::parse(data.videos[0].details);
  EXPECT_EQ(details["modalities"], json({"text", "visual", "voice"}));
  EXPECT_EQ(details["segments"][0][4], json({0, 2}));
  EXPECT_EQ(details["segments"][0][5]["parts"][2],
            json::parse("[[2,[100,200,700],2000],500,1200]"));
}

TEST_F(ReadResultsTest, NoFaceDecidedWhereNoneSpokeForTheVerdict) {
  json result = Explained();
  for (json& face : result["segments"][0]["explanation"]["faces"])
    face["score"] = -0.1;
  const ReportData data = Read(result.dump());
  EXPECT_FALSE(data.moments.at(0).deciding);
  EXPECT_FALSE(
      json::parse(data.videos[0].details)["segments"][0][5].contains("face"));
}

TEST_F(ReadResultsTest, TheAudienceIsThere) {
  const ReportData data = Read(WithAudience().dump());
  EXPECT_THAT(data.faults, IsEmpty());
  EXPECT_EQ(
      json::parse(data.videos[0].details)["audience"],
      json::parse(
          R"({"comments":3,"verdict":null,"windows":[[0,10000,null,3]],"moments":[[0,10000,null,3]]})"));
}

TEST_F(ReadResultsTest, WhatJudgedTheAudienceIsNamedAsWhatJudgedTheVideoIs) {
  json result = WithAudience();
  result["audience"]["model"] = {{"name", "default-multi"},
                                 {"version", "1"},
                                 {"sha256", "0"},
                                 {"dtype", "fp32"}};
  const ReportData data = Read(result.dump());
  EXPECT_EQ(json::parse(data.videos[0].details)["audience"]["model"],
            "default-multi 1, fp32");
}

TEST_F(ReadResultsTest, SaysWhatIsWrongWithAnExplanationOrAudience) {
  const auto fault_of = [&](const char* pointer, const json& value) {
    return FaultOf([&](json* r) {
      *r = Explained();
      (*r)["audience"] = WithAudience()["audience"];
      (*r)[json::json_pointer(pointer)] = value;
    });
  };
  const std::string explanation = "/segments/0/explanation";
  const std::string name = "segments[0].explanation";
  EXPECT_EQ(fault_of((explanation + "/words").c_str(), 1),
            name + ".words: expected an array");
  EXPECT_EQ(fault_of((explanation + "/words/0/end").c_str(), 0),
            name + ".words[0].end: expected a place after start");
  EXPECT_EQ(fault_of((explanation + "/words/1").c_str(),
                     {{"start", 3}, {"end", 5}, {"score", 0}}),
            name + ".words[1].start: expected a place after the word before");
  EXPECT_EQ(fault_of((explanation + "/words/0/score").c_str(), "much"),
            name + ".words[0].score: expected a number");
  EXPECT_EQ(fault_of((explanation + "/faces/0/box").c_str(), {1, 2, 3}),
            name + ".faces[0].box: expected four numbers");
  EXPECT_EQ(fault_of("/video/width", 0),
            "video.width: expected a number from 1 to 1000000");
  EXPECT_EQ(fault_of((explanation + "/text/changed").c_str(), nullptr),
            name + ".text.changed: expected an object");
  EXPECT_EQ(fault_of("/audience/windows/0/comments", -1),
            "audience.windows[0].comments: expected a number from 0 to "
            "1000000000");
  EXPECT_EQ(fault_of("/audience/model", {{"name", "m"}, {"version", "1"}}),
            "audience.model.dtype is missing");
  EXPECT_EQ(fault_of("/audience", json::object()),
            "audience.comments is missing");
}

TEST_F(ReadResultsTest, AFailureIsShownAsOne) {
  const json row =
      Row({{"schema", "vsa.result/1"},
           {"id", "7"},
           {"video", {{"path", "a.mp4"}}},
           {"error", {{"kind", "input"}, {"message", "a.mp4: no such file"}}}});
  EXPECT_EQ(row["error"], "a.mp4: no such file");
  EXPECT_EQ(row["id"], "7");
}

TEST_F(ReadResultsTest, DatesComeFromTheKeyElseFromTheName) {
  json result = Result("clips-2020-01-01/2026-03-31.mp4");
  EXPECT_EQ(Row(result)["date"], "2026-03-31");
  result["date"] = "2026-04-01";
  EXPECT_EQ(Row(result)["date"], "2026-04-01");
  EXPECT_FALSE(Row(Result("2020-01-01/a.mp4")).contains("date"));
}

TEST_F(ReadResultsTest, AVideoIsFoundFromThePageAndItsUrlIsRelative) {
  std::filesystem::create_directory(folder_ / "a b");
  Write("a b/100%#?.mp4", "");
  EXPECT_EQ(Row(Result("a b/100%#?.mp4"))["url"], "a%20b/100%25%23%3F.mp4");
  EXPECT_EQ(Row(Result((folder_ / "a b/100%#?.mp4").string()))["url"],
            "a%20b/100%25%23%3F.mp4");
  EXPECT_FALSE(Row(Result("http://host/a.mp4")).contains("url"));
}

TEST_F(ReadResultsTest, AVideoWhoseNameGoesOnBehindANulIsNotThere) {
  Write("a.mp4", "");
  EXPECT_FALSE(Row(Result(std::string("a.mp4\0.txt", 10))).contains("url"));
}

TEST_F(ReadResultsTest, SoMuchAsPeopleReadIsShown) {
  const std::string many(10001, 'a');
  std::string shown;
  for (int i = 0; i < 10000; ++i) shown += "\u00e9";
  json result = Explained();
  json& segment = result["segments"][0];
  segment["text"] = shown + "\u00e9";
  segment["explanation"]["words"] = {
      {{"word", "\u00e9"}, {"start", 9999}, {"end", 10000}, {"score", 0.5}},
      {{"word", "\u00e9"}, {"start", 10000}, {"end", 10001}, {"score", 0.5}}};
  result["id"] = many;
  for (int i = 0; i < 201; ++i)
    result["warnings"].push_back({{"code", "c"}, {"message", many}});
  const ReportData data = Read(result.dump());
  EXPECT_THAT(data.faults, IsEmpty());
  const json row = json::parse(data.videos[0].row);
  EXPECT_EQ(row["id"], std::string(10000, 'a') + "\u2026");
  EXPECT_EQ(row["warnings"], 201);
  const json details = json::parse(data.videos[0].details);
  EXPECT_EQ(details["segments"][0][3], shown + "\u2026");
  EXPECT_EQ(details["segments"][0][5]["words"],
            json::parse("[[9999,10000,500]]"));
  EXPECT_THAT(details["warnings"], SizeIs(200));
}

TEST_F(ReadResultsTest, OfAKeyThatIsThereTwiceTheLastCounts) {
  std::string line = Result("a.mp4").dump();
  line.insert(1, "\"segments\":[{\"start\":\"x\"}],\"id\":1,");
  const ReportData data = Read(line);
  EXPECT_THAT(data.faults, IsEmpty());
  EXPECT_EQ(json::parse(data.videos.at(0).row)["segments"], 1);
}

TEST_F(ReadResultsTest, StrongestMomentsAreNoNeutralOnesAndBounded) {
  json result = Result("a.mp4");
  json segment = result["segments"][0];
  result["segments"].clear();
  for (int i = 0; i < 20; ++i) {
    segment["start"] = i * 3;
    segment["end"] = i * 3 + 2;
    segment.update(Verdict(i % 3 == 0   ? "neutral"
                           : i % 3 == 1 ? "positive"
                                        : "negative",
                           (i % 3 == 2 ? -0.1 : 0.1) * i));
    result["segments"].push_back(segment);
  }
  std::vector<std::size_t> found;
  for (const Moment& moment : Read(result.dump()).moments)
    found.push_back(moment.segment);
  EXPECT_THAT(found, ElementsAre(19, 16, 13, 17, 14, 11));
}

TEST_F(ReadResultsTest, SaysWhatIsWrongWithALine) {
  EXPECT_EQ(FaultOf([](json* r) { *r = "text"; }),
            "is no result; expected \"schema\": \"vsa.result/1\"");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["schema"] = "vsa.extract/1"; }),
            "is no result; expected \"schema\": \"vsa.result/1\"");
  EXPECT_EQ(FaultOf([](json* r) { r->erase("video"); }), "video is missing");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["video"] = 1; }),
            "video: expected an object");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["id"] = 1; }), "id: expected a string");
  EXPECT_EQ(FaultOf([](json* r) { r->erase("sentiment"); }),
            "sentiment is missing");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["sentiment"]["label"] = "good"; }),
            "sentiment.label: expected negative, neutral or positive");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["sentiment"]["intensity"] = "NaN"; }),
            "sentiment.intensity: expected a number");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["sentiment"]["intensity"] = 4; }),
            "sentiment.intensity: expected a number from -3 to 3");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["segments"] = nullptr; }),
            "segments: expected an array");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["segments"][0]["end"] = 0; }),
            "segments[0].end: expected a time after start");
  EXPECT_EQ(FaultOf([](json* r) {
              json before = (*r)["segments"][0];
              (*r)["segments"][0].update({{"start", 2}, {"end", 3}});
              (*r)["segments"].push_back(before);
            }),
            "segments[1].start: expected a time not before the segment before");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["segments"][0]["end"] = 1e300; }),
            "segments[0].end: expected a number from 0 to 10000000");
  EXPECT_EQ(
      FaultOf([](json* r) { (*r)["segments"][0]["emotions"].erase("sad"); }),
      "segments[0].emotions.sad is missing");
  EXPECT_EQ(FaultOf([](json* r) { (*r)["warnings"] = {1}; }),
            "warnings[0]: expected an object");
}

TEST_F(ReadResultsTest, LinesThatAreNoJsonAreLeftOut) {
  const std::string good = Result("a.mp4").dump() + "\n";
  for (const std::string& bad :
       {std::string("{\"schema\":"), std::string("\0\xFF\x01", 3),
        std::string("{\"a\": NaN}"), std::string("{\"a\": 1e999}")}) {
    const ReportData data = Read(good + bad + "\n" + good + "\n \n");
    EXPECT_THAT(data.videos, SizeIs(2));
    EXPECT_THAT(data.faults,
                ElementsAre(HasSubstr(
                    "r.jsonl:2: is no JSON; expected a result on one line")));
  }
  EXPECT_THAT(Read(good + std::string(1000000, '[')).faults,
              ElementsAre(HasSubstr("r.jsonl:2: is no result; it is nested "
                                    "too deep")));
}

TEST_F(ReadResultsTest, AFileWithoutAResultIsAnError) {
  EXPECT_EQ(ErrorOf(""),
            "r.jsonl: is empty; expected results of vsa, one a line");
  EXPECT_EQ(ErrorOf("\n\n"),
            "r.jsonl: is empty; expected results of vsa, one a line");
  EXPECT_EQ(ErrorOf("my\nnotes\n"),
            "r.jsonl: holds no result of vsa; expected one a line");
  EXPECT_THROW(ReadResults((folder_ / "none").string(), "r.html"), Error);
  EXPECT_THROW(ReadResults(folder_.string(), "r.html"), Error);
}

TEST_F(ReadResultsTest, TextCannotLeaveItsElement) {
  json result = Result("</script><script>alert(1)</script>.mp4");
  result["segments"][0]["text"] = "<!--<script>\xE2\x80\xA8\"'{{script}}";
  const std::string page = FormatReport(Read(result.dump()), {});
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
  EXPECT_THAT(page, HasSubstr("{{script}}"));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>\\u003cscript>alert(1)"));
}

TEST_F(ReadResultsTest, ThePageHasAllClasses) {
  const std::string page = FormatReport(Read(Result("a.mp4").dump()), {});
  const nlohmann::ordered_json classes = {{"sentiments", kSentiments},
                                          {"emotions", kEmotions}};
  EXPECT_THAT(page, HasSubstr("id=\"classes\">" + classes.dump() + "<"));
  for (const std::string name : kSentiments) {
    EXPECT_THAT(page, HasSubstr("<option value=\"" + name + "\">"));
    EXPECT_THAT(page, HasSubstr(".swatch." + name + " {"));
  }
  for (const std::string name : kEmotions) {
    EXPECT_THAT(page, HasSubstr(".e-" + name + " {"));
    EXPECT_THAT(page, HasSubstr(".swatch.e-" + name + " {"));
  }
}

TEST_F(ReadResultsTest, APageIsKnownAsOne) {
  const std::string page = FormatReport(Read(Result("a.mp4").dump()), {});
  EXPECT_TRUE(IsReport(Write("a.html", page)));
  EXPECT_FALSE(
      IsReport(Write("b.html", "<!doctype html>\n<html lang=\"en\">")));
  EXPECT_FALSE(IsReport(Write("c.html", "")));
  EXPECT_FALSE(IsReport((folder_ / "none").string()));
}

}  // namespace
}  // namespace vsa
