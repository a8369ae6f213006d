#include "speech/transcript.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>

namespace vsa {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

HeardCue Cue(int start_ms, int end_ms, const std::string& text,
             double confidence = 0.5) {
  return {milliseconds(start_ms), milliseconds(end_ms), text, confidence};
}

std::vector<std::string> TextsOf(const std::vector<HeardCue>& cues) {
  std::vector<std::string> texts;
  for (const HeardCue& cue : cues) texts.push_back(cue.text);
  return texts;
}

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// Of ASCII and of Chinese.
int Columns(const std::string& text) {
  int columns = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    columns += byte < 0x80 ? 1 : byte >= 0xE0 ? 2 : 0;
  }
  return columns;
}

// The lines of each cue of a SubRip file.
std::vector<std::vector<std::string>> LinesOf(const std::string& srt) {
  std::vector<std::vector<std::string>> cues;
  std::istringstream file(srt);
  std::string line;
  while (std::getline(file, line)) {
    cues.emplace_back();
    std::getline(file, line);
    while (std::getline(file, line) && !line.empty())
      cues.back().push_back(line);
  }
  return cues;
}

// The rules for people who read it, whatever is said.
void ExpectReadable(const HeardCue& cue) {
  SCOPED_TRACE(cue.text);
  const std::vector<HeardCue> cues = LayOut({cue}, Time(0));
  const auto lines = LinesOf(FormatSrt(cues));
  ASSERT_EQ(lines.size(), cues.size());
  std::string all, written;
  for (std::size_t i = 0; i < cues.size(); ++i) {
    EXPECT_THAT(lines[i], SizeIs(testing::AllOf(testing::Ge(1), Le(2))))
        << cues[i].text;
    for (const std::string& line : lines[i]) {
      EXPECT_LE(Columns(line), 42) << line;
      written += line;
    }
    EXPECT_GT(cues[i].end, cues[i].start);
    EXPECT_LE(cues[i].end - cues[i].start, seconds(7));
    EXPECT_EQ(cues[i].start.count() % 1000, 0);
    EXPECT_EQ(cues[i].end.count() % 1000, 0);
    if (i > 0) {
      EXPECT_GE(cues[i].start, cues[i - 1].end);
    }
    EXPECT_EQ(cues[i].confidence, cue.confidence);
  }
  // Nothing is lost but the spaces at the cuts.
  for (const std::string& word : Words(cue.text)) all += word;
  std::string joined;
  for (const std::string& word : Words(written)) joined += word;
  EXPECT_EQ(joined, all);
}

TEST(LayOut, LeavesShortCuesAsTheyAre) {
  const std::vector<HeardCue> cues =
      LayOut({Cue(0, 1500, "Hello.", 0.9), Cue(1500, 8500, "It works.", 0.4)},
             Time(0));
  EXPECT_THAT(TextsOf(cues), ElementsAre("Hello.", "It works."));
  EXPECT_EQ(cues[0].start, Time(0));
  EXPECT_EQ(cues[0].end, milliseconds(1500));
  EXPECT_EQ(cues[0].confidence, 0.9);
  EXPECT_EQ(cues[1].start, milliseconds(1500));
  EXPECT_EQ(cues[1].end, milliseconds(8500));
  EXPECT_EQ(cues[1].confidence, 0.4);
  EXPECT_THAT(LayOut({}, Time(0)), IsEmpty());
}

TEST(LayOut, MovesAllByTheOffsetToWholeMilliseconds) {
  HeardCue cue = Cue(0, 0, "Hello.");
  cue.start = Time(1000400);
  cue.end = Time(1999600);
  const std::vector<HeardCue> cues = LayOut({cue}, Time(60000200));
  ASSERT_THAT(cues, SizeIs(1));
  EXPECT_EQ(cues[0].start, milliseconds(61001));
  EXPECT_EQ(cues[0].end, milliseconds(62000));
}

TEST(LayOut, CutsAtTheEndsOfSentencesBeforePhrasesBeforeWords) {
  EXPECT_THAT(
      TextsOf(LayOut({Cue(0, 6000,
                          "This is the first sentence, and it is short. This "
                          "is the second one, which is a little longer.")},
                     Time(0))),
      ElementsAre("This is the first sentence, and it is short.",
                  "This is the second one, which is a little longer."));
  EXPECT_THAT(
      TextsOf(LayOut({Cue(0, 6000,
                          "When all of it was over at last, nobody knew what "
                          "to say to the others who had waited")},
                     Time(0))),
      ElementsAre("When all of it was over at last,",
                  "nobody knew what to say to the others who had waited"));
}

TEST(LayOut, SharesTheTimeOfACueByTheLengthOfItsPieces) {
  const std::string half = "twenty signs, I think";
  const std::vector<HeardCue> cues = LayOut(
      {Cue(1000, 9000, half + " this one. " + half + " this one.")}, Time(0));
  ASSERT_THAT(cues, SizeIs(2));
  EXPECT_EQ(cues[0].text, half + " this one.");
  EXPECT_EQ(cues[0].start, milliseconds(1000));
  EXPECT_EQ(cues[0].end, milliseconds(5000));
  EXPECT_EQ(cues[1].start, milliseconds(5000));
  EXPECT_EQ(cues[1].end, milliseconds(9000));
}

TEST(LayOut, TakesTheTimesOfWordsWhereTheyAreKnown) {
  HeardCue cue = Cue(1000, 9000, "");
  for (int i = 0; i < 24; ++i) {
    const std::string text = i == 11 ? " then." : i == 0 ? "Words" : " words";
    cue.words.push_back({text, milliseconds(1000 + 100 * i),
                         milliseconds(1080 + 100 * i), 0.5});
    cue.text += text;
  }
  const std::vector<HeardCue> cues = LayOut({cue}, seconds(10));
  ASSERT_THAT(cues, SizeIs(2));
  EXPECT_EQ(cues[0].start, milliseconds(11000));
  EXPECT_EQ(cues[0].end, milliseconds(12180));
  EXPECT_EQ(cues[1].start, milliseconds(12200));
  EXPECT_EQ(cues[1].end, milliseconds(13380));
  ASSERT_THAT(cues[1].words, SizeIs(12));
  EXPECT_EQ(cues[1].words[0].text, "words");
  EXPECT_EQ(cues[1].words[1].text, " words");
  EXPECT_EQ(cues[1].words[1].start, milliseconds(12300));
}

TEST(LayOut, CutsScriptsWithoutSpacesBetweenWords) {
  // "Today the weather is very good, we go for a walk in the park together",
  // twice: 114 code points, of which 26 are marks above and below others.
  const std::string thai = "วันนี้อากาศดีมากพวกเราไปเดินเล่นในสวนสาธารณะด้วยกัน";
  const auto lines =
      LinesOf(FormatSrt(LayOut({Cue(0, 6000, thai + thai)}, Time(0))));
  std::string all;
  for (const auto& cue : lines) {
    EXPECT_LE(cue.size(), 2u);
    for (const std::string& line : cue) {
      // Its code points have three bytes each; none begins with a mark.
      EXPECT_LE(line.size(), (42u + 14u) * 3) << line;
      EXPECT_NE(line.rfind("ั", 0), 0u);
      all += line;
    }
  }
  EXPECT_EQ(all, thai + thai);
  // 40 letters with a mark each are 40 columns.
  std::string marked;
  for (int i = 0; i < 40; ++i) marked += "e\xCC\x81";
  EXPECT_THAT(LinesOf(FormatSrt(LayOut({Cue(0, 1000, marked)}, Time(0)))),
              ElementsAre(ElementsAre(marked)));
}

TEST(LayOut, ShowsNothingLongerThanSevenSeconds) {
  const std::vector<HeardCue> cues = LayOut({Cue(0, 25000, "Yes.")}, Time(0));
  ASSERT_THAT(cues, SizeIs(1));
  EXPECT_EQ(cues[0].end, seconds(7));
}

// However unevenly they are said.
TEST(LayOut, KeepsEachWordInItsCueThoughTheyLastLong) {
  HeardCue cue = Cue(0, 15500, "one two three four five six");
  for (const char* text : {"one", " two", " three", " four", " five", " six"}) {
    const auto at = milliseconds(cue.words.size() * 2500);
    cue.words.push_back({text, at, at + milliseconds(2400), 1});
  }
  cue.words.back().end = cue.end;
  const std::vector<HeardCue> cues = LayOut({cue}, Time(0));
  std::string said;
  for (const HeardCue& part : cues) {
    EXPECT_LE(part.end - part.start, seconds(7));
    for (const HeardWord& word : part.words) {
      EXPECT_GE(word.start, part.start);
      EXPECT_GE(word.end - word.start, seconds(2)) << word.text;
      EXPECT_LE(word.end, part.end);
      said += (said.empty() || word.text[0] == ' ' ? "" : " ") + word.text;
    }
  }
  EXPECT_EQ(said, cue.text);
}

TEST(LayOut, ShowsEachCueForAMillisecondAtLeast) {
  const std::vector<HeardCue> cues = LayOut({Cue(500, 500, "Yes.")}, Time(0));
  ASSERT_THAT(cues, SizeIs(1));
  EXPECT_EQ(cues[0].start, milliseconds(500));
  EXPECT_EQ(cues[0].end, milliseconds(501));
}

TEST(LayOut, CutsChineseByItsWidthAndNotBeforeItsSigns) {
  // 48 characters, 96 columns.
  const std::string sentence =
      "我们今天去看电影然后一起去吃晚饭觉得非常开心呢。";
  const std::vector<HeardCue> cues =
      LayOut({Cue(0, 6000, sentence + sentence)}, Time(0));
  EXPECT_THAT(TextsOf(cues), ElementsAre(sentence, sentence));
  EXPECT_THAT(LinesOf(FormatSrt(cues)), ElementsAre(SizeIs(2), SizeIs(2)));
  for (const auto& lines : LinesOf(FormatSrt(cues))) {
    for (const std::string& line : lines) {
      EXPECT_LE(Columns(line), 42);
      EXPECT_NE(line.rfind("。", 0), 0u);
    }
  }
}

TEST(LayOut, KeepsAWordThatIsLongerThanALineWhole) {
  const std::string word(60, 'a');
  const std::vector<HeardCue> cues =
      LayOut({Cue(0, 1000, "No " + word + " no.")}, Time(0));
  EXPECT_THAT(TextsOf(cues), ElementsAre("No", word, "no."));
  EXPECT_THAT(
      LinesOf(FormatSrt(cues)),
      ElementsAre(ElementsAre("No"), ElementsAre(word), ElementsAre("no.")));
}

TEST(LayOut, MakesAnyTextReadable) {
  std::mt19937 chance(11);
  const std::vector<std::string> ends = {"", "", "", "", ",", ".", "?", ";"};
  for (int i = 0; i < 500; ++i) {
    std::string text;
    const unsigned words = 1 + chance() % 60;
    for (unsigned j = 0; j < words; ++j) {
      text += (j > 0 ? " " : "") + std::string(1 + chance() % 12, 'x') +
              ends[chance() % ends.size()];
    }
    ExpectReadable(Cue(0, 500 + static_cast<int>(chance() % 29500), text));
  }
  for (int i = 0; i < 200; ++i) {
    std::string text;
    const unsigned signs = 1 + chance() % 120;
    for (unsigned j = 0; j < signs; ++j)
      text += chance() % 9 == 0 ? "，" : chance() % 15 == 0 ? "。" : "好";
    ExpectReadable(Cue(0, 500 + static_cast<int>(chance() % 29500), text));
  }
}

TEST(FormatSrt, IsSubRip) {
  EXPECT_EQ(FormatSrt({Cue(0, 1500, "Hello there."),
                       Cue(3725040, 3726999,
                           "This is a cue with two lines, the second of which "
                           "is here.")}),
            "1\n00:00:00,000 --> 00:00:01,500\nHello there.\n\n"
            "2\n01:02:05,040 --> 01:02:06,999\n"
            "This is a cue with two lines,\nthe second of which is here.\n\n");
  EXPECT_EQ(FormatSrt({Cue(360000000, 360001000, "Late.")}),
            "1\n100:00:00,000 --> 100:00:01,000\nLate.\n\n");
  EXPECT_EQ(FormatSrt({}), "");
}

TEST(FormatVtt, IsWebVtt) {
  EXPECT_EQ(FormatVtt({Cue(0, 1500, "Hello there."),
                       Cue(3725040, 3726999, "It works.")}),
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello there.\n\n"
            "01:02:05.040 --> 01:02:06.999\nIt works.\n\n");
  EXPECT_EQ(FormatVtt({}), "WEBVTT\n");
}

// As openai-whisper does, for a line with an arrow would be one of times.
TEST(FormatSrtAndVtt, WriteNoArrow) {
  const std::vector<HeardCue> cues = {Cue(0, 1000, "From a --> b.")};
  EXPECT_EQ(FormatSrt(cues),
            "1\n00:00:00,000 --> 00:00:01,000\nFrom a -> b.\n\n");
  EXPECT_EQ(FormatVtt(cues),
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nFrom a -> b.\n\n");
}

TEST(FormatTranscriptJson, IsThatOfOpenaiWhisperWithConfidence) {
  EXPECT_EQ(FormatTranscriptJson({Cue(0, 1500, "Say \"hi\".", 0.98765432),
                                  Cue(1500, 2040, "好。", 1)},
                                 "zh"),
            "{\"text\":\"Say \\\"hi\\\". 好。\",\"segments\":["
            "{\"id\":0,\"start\":0.0,\"end\":1.5,\"text\":\"Say \\\"hi\\\".\","
            "\"confidence\":0.987654},"
            "{\"id\":1,\"start\":1.5,\"end\":2.04,\"text\":\"好。\","
            "\"confidence\":1.0}],\"language\":\"zh\"}\n");
  HeardCue cue = Cue(0, 1500, "Say hi.", 0.5);
  cue.words = {{"Say", milliseconds(100), milliseconds(300), 0.25},
               {" hi.", milliseconds(300), milliseconds(1400), 0.75}};
  EXPECT_EQ(FormatTranscriptJson({cue}, "en"),
            "{\"text\":\"Say hi.\",\"segments\":["
            "{\"id\":0,\"start\":0.0,\"end\":1.5,\"text\":\"Say hi.\","
            "\"confidence\":0.5,\"words\":["
            "{\"word\":\"Say\",\"start\":0.1,\"end\":0.3,"
            "\"probability\":0.25},"
            "{\"word\":\" hi.\",\"start\":0.3,\"end\":1.4,"
            "\"probability\":0.75}]}],\"language\":\"en\"}\n");
  EXPECT_EQ(FormatTranscriptJson({}, "en"),
            "{\"text\":\"\",\"segments\":[],\"language\":\"en\"}\n");
}

}  // namespace
}  // namespace vsa
