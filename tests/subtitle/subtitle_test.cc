#include "subtitle/subtitle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "subtitle/ebu_stl.h"
#include "text/encoding.h"
#include "text/text_file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::StartsWith;

const fs::path kFixtures =
    fs::path(VSA_SOURCE_DIR) / "tests" / "data" / "subtitles";

fs::path SharedData() {
  const char* shared = std::getenv("VSA_SHARED");
  return (shared != nullptr ? fs::path(shared)
                            : fs::path(VSA_SOURCE_DIR) / ".." / "shared") /
         "data";
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// Every subtitle file of tests/data/subtitles but those that FFmpeg decodes
// (text_sources_test.cc has them); the others are expectations.
std::vector<std::string> FixtureNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFixtures)) {
    if (entry.path().extension() != ".expected" &&
        entry.path().extension() != ".scc") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What a file is read as: "format srt", a line "START END TEXT" for each cue
// and "warning CODE MESSAGE" for each warning, or "error MESSAGE".
std::string Describe(const std::string& name, const std::string& bytes) {
  std::ostringstream out;
  try {
    auto [subtitles, decoded] =
        ParseSubtitleBytes(name, bytes, "", {{{"en"}}, {}, {}});
    if (subtitles.format == "ebu_stl") {
      for (Warning& warning : DecodingWarnings("subtitle", name, decoded))
        subtitles.warnings.push_back(std::move(warning));
    }
    out << "format " << subtitles.format << "\n";
    for (const Cue& cue : subtitles.cues) {
      char times[64];
      std::snprintf(times, sizeof times, "%.3f %.3f ", cue.start.count() / 1e6,
                    cue.end.count() / 1e6);
      out << times << cue.text << "\n";
    }
    for (const Warning& warning : subtitles.warnings) {
      out << "warning " << warning.code << " " << warning.message << "\n";
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    out << "error " << error.what() << "\n";
  }
  return out.str();
}

// What is said by a SubRip file with one caption.
std::vector<std::string> TextsOf(const std::string& caption) {
  std::vector<std::string> texts;
  for (const Cue& cue :
       ParseSubtitles("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n" + caption)
           .cues) {
    texts.push_back(cue.text);
  }
  return texts;
}

class FixtureTest : public testing::TestWithParam<std::string> {};

// A case is two files: NAME and NAME.expected. Its verdict begins its name.
TEST_P(FixtureTest, IsReadAsExpected) {
  const std::string& name = GetParam();
  const std::string found = Describe(name, ReadFile(kFixtures / name));
  EXPECT_EQ(found, ReadFile(kFixtures / (name + ".expected")));
  const std::string verdict = name.substr(0, name.find('_'));
  const bool failed = found.rfind("error ", 0) == 0;
  const bool warned = found.find("\nwarning ") != std::string::npos;
  EXPECT_EQ(verdict, failed ? "fail" : warned ? "warn" : "ok");
}

INSTANTIATE_TEST_SUITE_P(Files, FixtureTest, testing::ValuesIn(FixtureNames()),
                         [](const testing::TestParamInfo<std::string>& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

struct SharedFile {
  const char* format;  // "": no subtitles of ours
  size_t cues;
  size_t warnings;
};

// Counted by reading the files, except for the two large ones: pysrt's has
// 1332 blocks, all with words, and the one of Netflix 865, of which 37 hold
// nothing but a sound in brackets.
const std::map<std::string, SharedFile>& SharedFiles() {
  static const auto* const kFiles = new std::map<std::string, SharedFile>{
      {"pysrt/bom-utf-16-be.srt", {"srt", 7, 0}},
      {"pysrt/bom-utf-16-le.srt", {"srt", 7, 0}},
      {"pysrt/bom-utf-32-be.srt", {"srt", 7, 0}},
      {"pysrt/bom-utf-32-le.srt", {"srt", 7, 0}},
      {"pysrt/bom-utf-8.srt", {"srt", 7, 0}},
      // Two of its blocks have no length.
      {"pysrt/capability_tester.srt", {"srt", 37, 2}},
      {"pysrt/empty.srt", {"srt", 5, 0}},
      {"pysrt/invalid.srt", {"srt", 1, 0}},
      {"pysrt/no-indexes.srt", {"srt", 7, 0}},
      {"pysrt/utf-8.srt", {"srt", 1332, 0}},
      {"pysrt/windows-1252.srt", {"srt", 1332, 0}},
      {"pysubs2/data/subtitle_with_attached_images_aegisub.ass", {"ass", 0, 0}},
      {"pysubs2/data/subtitle_with_attached_images_pysubs2_ref.ass",
       {"ass", 0, 0}},
      {"pysubs2/data/ttml_example.ass", {"ass", 11, 0}},
      {"pysubs2/data/ttml_example.ttml", {"ttml", 11, 0}},
      {"pysubs2/data/ttml_example2.ass", {"ass", 10, 0}},
      {"pysubs2/data/ttml_example2.ttml", {"ttml", 10, 0}},
      {"pysubs2/data/ttml_example_apple.ass", {"ass", 38, 0}},
      {"pysubs2/data/ttml_example_apple.ttml", {"ttml", 38, 0}},
      {"webvtt-py/subtitles/captions_with_bom.vtt", {"vtt", 4, 0}},
      {"webvtt-py/subtitles/comments.vtt", {"vtt", 3, 0}},
      {"webvtt-py/subtitles/cue_tags.vtt", {"vtt", 3, 0}},

      {"webvtt-py/subtitles/invalid.vtt", {"vtt", 7, 0}},
      {"webvtt-py/subtitles/invalid_format.sbv", {"", 0, 0}},
      {"webvtt-py/subtitles/invalid_format1.srt", {"", 0, 0}},
      {"webvtt-py/subtitles/invalid_format2.srt", {"", 0, 0}},
      {"webvtt-py/subtitles/invalid_format3.srt", {"", 0, 0}},
      {"webvtt-py/subtitles/invalid_format4.srt", {"srt", 0, 1}},
      {"webvtt-py/subtitles/invalid_timeframe.sbv", {"sbv", 4, 2}},
      {"webvtt-py/subtitles/invalid_timeframe.srt", {"srt", 5, 0}},
      {"webvtt-py/subtitles/invalid_timeframe.vtt", {"vtt", 6, 1}},
      {"webvtt-py/subtitles/invalid_timeframe_in_cue_text.vtt", {"vtt", 3, 0}},
      {"webvtt-py/subtitles/metadata_headers.vtt", {"vtt", 2, 0}},
      {"webvtt-py/subtitles/metadata_headers_multiline.vtt", {"vtt", 2, 0}},
      {"webvtt-py/subtitles/missing_caption_text.sbv", {"sbv", 4, 1}},
      {"webvtt-py/subtitles/missing_caption_text.srt", {"srt", 4, 0}},
      {"webvtt-py/subtitles/missing_caption_text.vtt", {"vtt", 4, 0}},
      {"webvtt-py/subtitles/missing_timeframe.sbv", {"sbv", 4, 1}},
      {"webvtt-py/subtitles/missing_timeframe.srt", {"srt", 4, 1}},
      {"webvtt-py/subtitles/missing_timeframe.vtt", {"vtt", 6, 1}},
      {"webvtt-py/subtitles/netflix_chicas_del_cable.vtt", {"vtt", 828, 0}},
      {"webvtt-py/subtitles/no_captions.vtt", {"vtt", 0, 0}},
      {"webvtt-py/subtitles/one_caption.srt", {"srt", 1, 0}},
      {"webvtt-py/subtitles/one_caption.vtt", {"vtt", 1, 0}},
      {"webvtt-py/subtitles/sample.sbv", {"sbv", 5, 1}},
      {"webvtt-py/subtitles/sample.srt", {"srt", 5, 0}},
      {"webvtt-py/subtitles/sample.vtt", {"vtt", 16, 0}},
      {"webvtt-py/subtitles/styles.vtt", {"vtt", 1, 0}},
      {"webvtt-py/subtitles/two_captions.sbv", {"sbv", 2, 0}},
      {"webvtt-py/subtitles/using_identifiers.vtt", {"vtt", 6, 0}},
      {"webvtt-py/subtitles/youtube_dl.vtt", {"vtt", 3, 0}},
  };
  return *kFiles;
}

TEST(SharedSubtitles, AllAreReadOrRefused) {
  const fs::path folder = SharedData() / "subtitles";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    const auto found = SharedFiles().find(name);
    if (found == SharedFiles().end()) continue;
    SCOPED_TRACE(name);
    ++seen;
    const DecodedText text = DecodeText(ReadFile(entry.path()), "");
    EXPECT_FALSE(text.replaced);
    if (found->second.format[0] == '\0') {
      EXPECT_THAT(
          Describe(name, text.utf8),
          StartsWith("error " + name +
                     ": not SubRip, WebVTT, ASS, TTML, SAMI, SBV, "
                     "LRC, MicroDVD, MPL2, TMPlayer or SCC subtitles: "));
      continue;
    }
    const Subtitles subtitles = ParseSubtitles(name, text.utf8);
    EXPECT_EQ(subtitles.format, found->second.format);
    EXPECT_EQ(subtitles.cues.size(), found->second.cues);
    EXPECT_EQ(subtitles.warnings.size(), found->second.warnings);
  }
  EXPECT_EQ(seen, SharedFiles().size());
}

TEST(SharedSubtitles, YouTubeIsSaidOnce) {
  const fs::path file =
      SharedData() / "subtitles/webvtt-py/subtitles/youtube_dl.vtt";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  EXPECT_EQ(Describe("y.vtt", ReadFile(file)),
            "format vtt\n"
            "286.070 286.470 yeah\n"
            "286.470 304.080 what\n"
            "304.080 305.069 this will happen is I'm telling\n");
}

TEST(SharedSubtitles, EncodingsOfOneTextAgree) {
  const fs::path folder = SharedData() / "subtitles/pysrt";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  EXPECT_EQ(Describe("a.srt", ReadFile(folder / "windows-1252.srt")),
            Describe("a.srt", ReadFile(folder / "utf-8.srt")));
  for (const char* name : {"bom-utf-16-le.srt", "bom-utf-16-be.srt",
                           "bom-utf-32-le.srt", "bom-utf-32-be.srt"}) {
    EXPECT_EQ(Describe("a.srt", ReadFile(folder / name)),
              Describe("a.srt", ReadFile(folder / "bom-utf-8.srt")));
  }
}

TEST(Subtitle, KnowsTheLineOfACue) {
  const Subtitles subtitles =
      ParseSubtitles("a.srt",
                     "1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n"
                     "2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo\r\n");
  ASSERT_EQ(subtitles.cues.size(), 2u);
  EXPECT_EQ(subtitles.cues[0].line, 2);
  EXPECT_EQ(subtitles.cues[1].line, 6);
}

TEST(Subtitle, DropsMarksOnlyWhereTheyAreMarks) {
  EXPECT_THAT(TextsOf("(SIGHS) Well."), ElementsAre("Well."));
  EXPECT_THAT(TextsOf("Well (2) of them"), ElementsAre("Well (2) of them"));
  EXPECT_THAT(TextsOf("- (quietly)\n- Yes."), ElementsAre("Yes."));
  EXPECT_THAT(TextsOf("JOHN:\nYes."), ElementsAre("Yes."));
  EXPECT_THAT(TextsOf("- MARY ANN: Yes."), ElementsAre("Yes."));
  EXPECT_THAT(TextsOf("John: Yes."), ElementsAre("John: Yes."));
  EXPECT_THAT(TextsOf("A: Yes."), ElementsAre("A: Yes."));
  EXPECT_THAT(TextsOf("HTTP://X.ORG"), ElementsAre("HTTP://X.ORG"));
  EXPECT_THAT(TextsOf("--and so on"), ElementsAre("and so on"));
  EXPECT_THAT(TextsOf("well-known - yes"), ElementsAre("well-known - yes"));
  EXPECT_THAT(TextsOf("♪"), ElementsAre());
  EXPECT_THAT(TextsOf("?!"), ElementsAre());
  EXPECT_THAT(TextsOf("5"), ElementsAre("5"));
}

TEST(Subtitle, ReadsCharactersAsHtmlWritesThem) {
  EXPECT_THAT(TextsOf("don&rsquo;t &hellip; caf&eacute;&nbsp;&amp;&nbsp;tea"),
              ElementsAre("don’t … café & tea"));
  EXPECT_THAT(TextsOf("don&#146;t, don&#x92;t, don\xC2\x92t"),
              ElementsAre("don’t, don’t, don’t"));
  EXPECT_THAT(TextsOf("don&amp;#39;t &amp;amp;quot;so&amp;amp;quot;"),
              ElementsAre("don't \"so\""));
  EXPECT_THAT(TextsOf("d&eacutej&agrave vu &amp so on, don&#39t"),
              ElementsAre("déjà vu & so on, don't"));
  EXPECT_THAT(TextsOf("AT&T, R&D, &notify &nosuch; &"),
              ElementsAre("AT&T, R&D, &notify &nosuch; &"));
  EXPECT_THAT(TextsOf("&gt;&gt; Yes. &gt;&gt;&gt; No."),
              ElementsAre("Yes. No."));
}

TEST(Subtitle, DropsLabelsOfSpeakersWhoWereToldApart) {
  for (const std::string label :
       {"[SPEAKER_00]: ", "[SPEAKER_00]:", "SPEAKER_00: ", "SPEAKER_00:",
        "(speaker 0) ", "(speaker ?) ",
        "(Speaker A): ", "Speaker 1: ", "speaker 12：", "发言人1：",
        "[Speaker 2] ", "- Speaker #3: ", "spk_1: ", "JOHN：", "MS_A: "}) {
    EXPECT_THAT(TextsOf(label + "It is good."), ElementsAre("It is good."))
        << label;
  }
  EXPECT_THAT(TextsOf("Speaker of the House: order"),
              ElementsAre("Speaker of the House: order"));
  EXPECT_THAT(TextsOf("Step 2: go. (speaker off)"),
              ElementsAre("Step 2: go. (speaker off)"));
  EXPECT_THAT(TextsOf("[laughs]:) nice"), ElementsAre(":) nice"));
}

TEST(Subtitle, DropsOddTags) {
  EXPECT_THAT(TextsOf("I love </ font>this</font> <i/>film< /i> "
                      "<font color=red>so</b"),
              ElementsAre("I love this film so"));
  EXPECT_THAT(TextsOf("{i}a{/i} {Y:i}b {C:$0000FF}c <<wow>> I < you > me"),
              ElementsAre("a b c wow I < you > me"));
}

TEST(Subtitle, KeepsWhatOnlyLooksLikeMarkup) {
  EXPECT_THAT(TextsOf("a <b c"), ElementsAre("a <b c"));
  EXPECT_THAT(TextsOf("<3 <> << >"), ElementsAre("<3 <> << >"));
  EXPECT_THAT(TextsOf("{open {\\i1}x"), ElementsAre("{open x"));
  EXPECT_THAT(TextsOf("&amp;lt; &#60;i&#62;"), ElementsAre("< <i>"));
  EXPECT_THAT(TextsOf("&#xD800;&#0;&#x110000;x"), ElementsAre("x"));
}

TEST(Subtitle, AnEmoticonAloneSaysSomething) {
  for (const char* emoticon : {":(", ":)))", ";-)", ":'(", ":/", "=)", ">:(",
                               "^_^", "^^", "-_-", "(:", "):", ":( :("})
    EXPECT_THAT(TextsOf(emoticon), ElementsAre(emoticon));
  EXPECT_THAT(TextsOf("- :("), ElementsAre(":("));
  EXPECT_THAT(TextsOf(">> :("), ElementsAre(":("));
  for (const char* none : {":", ":-", "=", "...", "):(", ":()"})
    EXPECT_THAT(TextsOf(none), ElementsAre()) << none;
  for (const char* line : {">:( not again", "-_- not again"})
    EXPECT_THAT(TextsOf(line), ElementsAre(line));
}

// Each was once, or could be, work that grows with the square of the size.
TEST(Subtitle, TakesLinearTimeOnLargeFiles) {
  const std::string head = "1\n00:00:01,000 --> 00:00:02,000\n";
  const size_t size = 1000 * 1000;
  for (const std::string& piece :
       {std::string("<"), std::string("<a"), std::string("{"),
        std::string("{\\"), std::string("&"), std::string("["),
        std::string("("), std::string("( \n"), std::string("-"),
        std::string("A "), std::string("1\n"), std::string("\n"),
        std::string("\r\n"), std::string("x\n\n")}) {
    SCOPED_TRACE(piece);
    std::string file = head;
    while (file.size() < size) file += piece;
    EXPECT_NO_THROW(ParseSubtitles("a.srt", file));
    EXPECT_NO_THROW(ParseSubtitles("a.srt", file + "}>])"));
    EXPECT_NO_THROW(ParseSubtitles("a.vtt", "WEBVTT\n\n" + file));
  }
  const size_t large = 10 * size;
  std::string cues;
  for (int i = 0; cues.size() < large; ++i) {
    cues += head + "said " + std::to_string(i) + "\n\n";
  }
  EXPECT_GT(ParseSubtitles("a.srt", cues).cues.size(), 200000u);
  std::string ass = "[Events]\n";
  while (ass.size() < large) ass += "Dialogue: 0,0:00:01.00,0:00:02.00,,,,\n";
  EXPECT_GT(ParseSubtitles("a.ass", ass).warnings.size(), 200000u);
}

// pysubs2 has the same captions as ASS.
TEST(SharedSubtitles, TtmlAgreesWithItsAss) {
  const fs::path folder = SharedData() / "subtitles/pysubs2/data";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
  for (const std::string name :
       {"ttml_example", "ttml_example2", "ttml_example_apple"}) {
    SCOPED_TRACE(name);
    const Subtitles ttml = ParseSubtitles(
        "a.ttml", DecodeText(ReadFile(folder / (name + ".ttml")), "").utf8);
    const Subtitles ass = ParseSubtitles(
        "a.ass", DecodeText(ReadFile(folder / (name + ".ass")), "").utf8);
    ASSERT_EQ(ttml.cues.size(), ass.cues.size());
    for (size_t i = 0; i < ttml.cues.size(); ++i) {
      EXPECT_EQ(ttml.cues[i].text, ass.cues[i].text);
      EXPECT_NEAR(ttml.cues[i].start.count(), ass.cues[i].start.count(), 10000);
      EXPECT_NEAR(ttml.cues[i].end.count(), ass.cues[i].end.count(), 10000);
    }
  }
}

std::string Repeated(const std::string& piece, size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

TEST(Subtitle, HostileXmlCostsItsSizeAlone) {
  const size_t size = 1000 * 1000;
  const std::string start = "<tt><body><p begin='1s' end='2s'>Said.</p>";
  for (const char* piece : {"<a>",
                            "<p>",
                            "<p begin='1s'>",
                            "</p>",
                            "<",
                            "&a;",
                            "&",
                            "<!--",
                            "]]>",
                            "<![CDATA[",
                            "<?",
                            "<br>",
                            "<a b='",
                            "<a xmlns:b='c'/>",
                            "x",
                            "<!x",
                            "<span begin='1h'>",
                            "\"",
                            "<p begin='1s'>x</p>",
                            "<a xmlns:b='c'>",
                            "<!DOCTYPE a [",
                            "<!ENTITY a 'b'>",
                            "<!ATTLIST a b CDATA 'c'>"}) {
    SCOPED_TRACE(piece);
    const Subtitles subtitles =
        ParseSubtitles("a.ttml", start + Repeated(piece, size));
    ASSERT_FALSE(subtitles.cues.empty());
    EXPECT_EQ(subtitles.cues[0].text, "Said.");
  }
  const std::string deep = Repeated("<a>\n", size);
  EXPECT_EQ(Describe("a.ttml", start + "\n" + deep),
            "format ttml\n1.000 2.000 Said.\nwarning subtitle_xml_damaged "
            "a.ttml:1000: damaged XML: elements are nested deeper than 1000; "
            "nothing after it is read\n");
  std::string crowd = "<p";
  for (int i = 0; i < 100000; ++i)
    crowd += " a" + std::to_string(i) + "='>' xmlns:b" + std::to_string(i) +
             "=\"c\"";
  EXPECT_EQ(
      Describe("a.ttml", start + "\n<p begin='2s'>a=b</p>" + crowd + ">x"),
      "format ttml\n1.000 2.000 Said.\n2.000 12.000 a=b\n"
      "warning subtitle_xml_damaged a.ttml:2: damaged XML: an element has "
      "more than 256 attributes; nothing after it is read\n");
  std::string names;
  for (int i = 0; i < 300000; ++i) names += "<a" + std::to_string(i) + "/>\n";
  const Subtitles subtitles =
      ParseSubtitles("a.ttml", start + "\n<div>" + names);
  ASSERT_EQ(subtitles.warnings.size(), 1u);
  EXPECT_THAT(subtitles.warnings[0].message,
              testing::MatchesRegex(
                  "a.ttml:[0-9]+: damaged XML: more than 10000 different names "
                  "of elements and attributes; nothing after it is read"));
}

TEST(Subtitle, HostileSamiCostsItsSizeAlone) {
  const size_t size = 1000 * 1000;
  const std::string start = "<SAMI><BODY><SYNC Start=1><P>Said.\n";
  for (const char* piece :
       {"<sync>", "<sync start=2>", "<sync start=2><p class=a>x", "<p>",
        "<p class=x", "<pre>", "<!--", "<!-- -->", "{", ".", "start",
        "start=", "&nbsp", "<"}) {
    SCOPED_TRACE(piece);
    const Subtitles subtitles =
        ParseSubtitles("a.smi", start + Repeated(piece, size));
    ASSERT_FALSE(subtitles.cues.empty());
    EXPECT_EQ(subtitles.cues[0].text.substr(0, 5), "Said.");
    EXPECT_NO_THROW(ParseSubtitles(
        "a.smi", "<SAMI>" + Repeated(piece, size) + "<SYNC Start=1><P>x"));
  }
}

bool IsValidUtf8(const std::string& text) {
  const DecodedText decoded = DecodeText(text, "UTF-8");
  return !decoded.replaced && decoded.utf8 == text;
}

// One random change of `bytes`.
void Mutate(const std::vector<std::string>& seeds, std::mt19937* random,
            std::string* bytes) {
  const auto below = [random](size_t n) {
    return n == 0 ? 0 : (*random)() % n;
  };
  const size_t at = below(bytes->size() + 1);
  static const char* const kPieces[] = {"\n",
                                        "\r\n",
                                        "\n\n",
                                        " --> ",
                                        "00:00:01,000",
                                        "WEBVTT\n",
                                        "<",
                                        ">",
                                        "{\\",
                                        "}",
                                        "&#",
                                        ";",
                                        "[",
                                        "]",
                                        "(",
                                        ")",
                                        "NOTE ",
                                        "Dialogue: ",
                                        ",",
                                        "Format: ",
                                        ":",
                                        "-",
                                        "♪",
                                        "\xFF\xFE",
                                        "<rt>",
                                        "<p begin=\"1s\">",
                                        "</p>",
                                        "<SYNC Start=5>",
                                        "[00:01.00]",
                                        "<!--",
                                        "]]>",
                                        "<tt>",
                                        "<br>",
                                        "end=\"9h\"",
                                        "&nbsp",
                                        "0:00:01.000,0:00:02.000\n",
                                        "\\N",
                                        "{\\p1}",
                                        "99999999999",
                                        "\xE4\xBD",
                                        "[Events]\n"};
  switch (below(6)) {
    case 0:
      bytes->insert(at, 1, static_cast<char>(below(256)));
      break;
    case 1:
      bytes->erase(at, below(20) + 1);
      break;
    case 2:
      if (at < bytes->size()) (*bytes)[at] = static_cast<char>(below(256));
      break;
    case 3:
      bytes->insert(at, kPieces[below(std::size(kPieces))]);
      break;
    case 4: {
      const std::string copy = bytes->substr(at, below(100));
      bytes->insert(below(bytes->size() + 1), copy);
      break;
    }
    case 5: {
      const std::string& other = seeds[below(seeds.size())];
      bytes->insert(at, other.substr(below(other.size() + 1), below(200)));
      break;
    }
  }
}

// An EBU STL file of one caption from 1 s to 2 s.
std::string EbuStlOf(const std::string& table, const std::string& text) {
  std::string bytes = "850STL25.011" + table;
  bytes.resize(1024, ' ');
  bytes += std::string("\0\0\0\xFF\0\0\0\1\0\0\0\2\0\0\0\0", 16) + text;
  bytes.resize(1024 + 128, '\x8F');
  return bytes;
}

TEST(EbuStl, PutsMarksOnTheirLetters) {
  const std::string bytes = EbuStlOf(
      "00", "\xC1\x61 \xC3\x6F \xC4\x6E \xCA\x41 \xCF\x63 \xCD\x75 \xCE\x65");
  const SubtitleFile file = ParseEbuStl("a.stl", bytes, "");
  ASSERT_EQ(file.subtitles.cues.size(), 1u);
  EXPECT_EQ(file.subtitles.cues[0].text, "à ô ñ Å č ű ę");
  EXPECT_FALSE(file.decoded.replaced);
  EXPECT_TRUE(file.subtitles.warnings.empty());
}

TEST(EbuStl, TakesTheEncodingThatIsNamed) {
  const std::string bytes = EbuStlOf("00", "\xCF\xF0\xE8\xE2\xE5\xF2");
  const SubtitleFile file = ParseEbuStl("a.stl", bytes, "windows-1251");
  ASSERT_EQ(file.subtitles.cues.size(), 1u);
  EXPECT_EQ(file.subtitles.cues[0].text, "Привет");
  EXPECT_EQ(file.decoded.encoding, "windows-1251");
  try {
    ParseEbuStl("a.stl", bytes, "nonsense");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  }
}

TEST(Subtitle, AnyDamageIsReadOrRefused) {
  std::vector<std::string> names = FixtureNames();
  std::vector<std::string> seeds;
  for (const std::string& name : names) {
    seeds.push_back(ReadFile(kFixtures / name));
  }
  std::mt19937 random(20240518);
  size_t read = 0;
  for (int round = 0; round < 20000; ++round) {
    const size_t i = random() % seeds.size();
    std::string bytes = seeds[i];
    const int changes = 1 + random() % 8;
    for (int k = 0; k < changes; ++k) Mutate(seeds, &random, &bytes);
    SCOPED_TRACE("round " + std::to_string(round) + " of " + names[i]);
    ASSERT_TRUE(IsValidUtf8(DecodeText(bytes, "").utf8));
    Subtitles subtitles;
    try {
      subtitles = ParseSubtitleBytes(names[i], bytes, "", {}).subtitles;
      ++read;
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::kInput);
    }
    Time last(0);
    for (const Cue& cue : subtitles.cues) {
      ASSERT_GE(cue.start, last);
      ASSERT_GT(cue.end, cue.start);
      ASSERT_FALSE(cue.text.empty());
      ASSERT_TRUE(IsValidUtf8(cue.text));
      ASSERT_EQ(cue.text.find_first_of("\n\r\t"), std::string::npos);
      ASSERT_EQ(cue.text.find("  "), std::string::npos);
      ASSERT_GT(cue.line, 0);
      last = cue.start;
    }
    for (const Warning& warning : subtitles.warnings) {
      ASSERT_THAT(warning.message, StartsWith(names[i] + ":"));
      ASSERT_EQ(warning.message.find('\n'), std::string::npos);
    }
  }
  EXPECT_GT(read, 10000u);
}

}  // namespace
}  // namespace vsa
