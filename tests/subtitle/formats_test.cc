#include "subtitle/formats.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "subtitle/subtitle.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::Contains;

// The name of the format that a file is read as; "" if it has none.
std::string FormatOf(const std::string& name, const std::string& content) {
  try {
    return ParseSubtitles(name, content).format;
  } catch (const Error&) {
    return "";
  }
}

// What tests/data/subtitles says of its samples: "format srt", "error …".
std::set<std::string> Verdicts() {
  std::set<std::string> verdicts;
  for (const auto& entry : fs::directory_iterator(fs::path(VSA_SOURCE_DIR) /
                                                  "tests/data/subtitles")) {
    if (entry.path().extension() != ".expected") continue;
    std::string line;
    std::getline(std::ifstream(entry.path()) >> std::ws, line);
    verdicts.insert(line);
  }
  return verdicts;
}

std::set<std::string> NamesInSchema() {
  const auto schema = nlohmann::json::parse(
      std::ifstream(VSA_SOURCE_DIR "/docs/result.schema.json"));
  std::set<std::string> names;
  for (const auto& name : schema.at(nlohmann::json::json_pointer(
           "/definitions/success/properties/subtitles/properties/format/enum")))
    if (!name.is_null()) names.insert(name);
  return names;
}

// A format that is recognised to be refused has a sample "fail_NAME.*", whose
// refusal is its own.
bool HasRefusedSample(const std::string& name,
                      const std::set<std::string>& verdicts) {
  for (const std::string& verdict : verdicts) {
    if (verdict.rfind("error fail_" + name + ".", 0) == 0)
      return verdict.find(": not " + TimedSubtitleFormatNames()) ==
             std::string::npos;
  }
  return false;
}

TEST(SubtitleFormats, HaveASampleAndTheirNameInTheSchema) {
  const std::set<std::string> verdicts = Verdicts();
  std::set<std::string> unknown = NamesInSchema();
  for (const SubtitleFormat& format : SubtitleFormats()) {
    if (HasRefusedSample(format.name, verdicts)) continue;
    EXPECT_THAT(verdicts, Contains("format " + format.name))
        << "add a sample of " << format.name << " to tests/data/subtitles";
    EXPECT_EQ(unknown.erase(format.name), 1u)
        << "add " << format.name << " to docs/result.schema.json";
  }
  // That of a file of bytes, and those of text tracks alone.
  EXPECT_EQ(unknown, (std::set<std::string>{"cea608", "ebu_stl", "mov_text"}));
}

TEST(SubtitleFormats, HaveNamesAndExtensionsOfTheirOwn) {
  std::set<std::string> names;
  std::set<std::string> extensions;
  for (const SubtitleFormat& format : SubtitleFormats()) {
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    for (const std::string& extension : format.extensions)
      EXPECT_TRUE(extensions.insert(extension).second) << extension;
  }
}

TEST(SubtitleFormats, AreNamedInMessages) {
  EXPECT_EQ(
      SubtitleFormatNames(),
      "SubRip, WebVTT, ASS, TTML, SAMI, SBV, LRC, MicroDVD, MPL2, TMPlayer, "
      "SCC or plain text");
  EXPECT_EQ(
      TimedSubtitleFormatNames(),
      "SubRip, WebVTT, ASS, TTML, SAMI, SBV, LRC, MicroDVD, MPL2, TMPlayer "
      "or SCC");
}

TEST(RecogniseFormat, TakesTheFirstLineThatOnlyOneFormatHas) {
  const std::string times = "00:00:01,000 --> 00:00:02,000\n";
  const std::string sbv = "0:00:01.000,0:00:02.000\n";
  const std::string dialogue =
      "Dialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,Said.\n";
  EXPECT_EQ(FormatOf("a.sbv", "words\n" + times + sbv), "srt");
  EXPECT_EQ(FormatOf("a.srt", "\n \n" + sbv + times), "sbv");
  EXPECT_EQ(FormatOf("a.ass", times + "[Script Info]\n" + dialogue), "srt");
  EXPECT_EQ(FormatOf("a.srt", dialogue + times + "[00:01.00]la"), "ass");
  EXPECT_EQ(FormatOf("a.srt", "[ar:Someone]\n[00:01.00]la\n" + times), "lrc");
  EXPECT_EQ(FormatOf("a.srt", "\n<SAMI>\n" + times), "sami");
  EXPECT_EQ(FormatOf("a.srt", " \t\nWEBVTT\n\n" + times), "vtt");
  EXPECT_EQ(FormatOf("a.srt", "words\nWEBVTT\n\n" + times), "srt");
  EXPECT_EQ(FormatOf("a.srt", "<!--\n" + sbv + "-->\n<tt></tt>"), "ttml");
}

TEST(RecogniseFormat, TakesTheExtensionWhereALineMayBeOfSeveral) {
  const std::string times = "00:00:01,000 --> 00:00:02,000\n";
  EXPECT_EQ(FormatOf("a.vtt", times), "vtt");
  EXPECT_EQ(FormatOf("a.VTT", times), "vtt");
  EXPECT_EQ(FormatOf("a.txt", times), "srt");
  EXPECT_EQ(FormatOf("vtt/a", times), "srt");
  EXPECT_EQ(FormatOf("a.ssa", "[Events]\n"), "ssa");
  EXPECT_EQ(FormatOf("a.srt", "[Events]\n"), "ass");
  EXPECT_EQ(FormatOf("a.ass", "[Script Info]\n[V4 Styles]\n[V4+ Styles]\n"),
            "ssa");
  EXPECT_EQ(FormatOf("a.ssa", "[Events]\n\n [v4++ styles]\n"), "ass");
}

TEST(RecogniseFormat, TakesForTextOnlyWhatIsNamedSoAndIsNothingElse) {
  EXPECT_EQ(FormatOf("a.txt", "Said.\nAgain.\n"), "text");
  EXPECT_EQ(FormatOf("a.srt", "Said.\nAgain.\n"), "");
  EXPECT_EQ(FormatOf("a.txt", "Said.\n00:00:01,000 --> 00:00:02,000"), "srt");
  EXPECT_EQ(FormatOf("a.txt", "<html>\nSaid.\n"), "");
  EXPECT_EQ(FormatOf("a.txt", "Said.\x01\n"), "");
  EXPECT_EQ(FormatOf("a.txt", " \n\t\n"), "");
}

}  // namespace
}  // namespace vsa
