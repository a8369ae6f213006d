#include "subtitle/languages_of_lines.h"

#include <gmock/gmock.h>

#include "subtitle/subtitle.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

using Lines = std::vector<std::string>;

const Lines kEnglish = {"I thought you would never come back to us.",
                        "The whole house was waiting for you today.",
                        "Why did you leave without telling anybody?",
                        "We can talk about it when you have slept.",
                        "Nobody here is angry with you any more."};
const Lines kSpanish = {"Pensaba que nunca volverías con nosotros.",
                        "Toda la casa te estaba esperando hoy mismo.",
                        "¿Por qué te fuiste sin decírselo a nadie?",
                        "Podemos hablar de ello cuando hayas dormido.",
                        "Aquí ya nadie está enfadado contigo."};
const Lines kChinese = {
    "我以为你再也不会回到我们身边了。", "今天全家人都在等着你回来吃饭。",
    "你为什么不告诉任何人就走了呢？", "等你睡醒了我们再谈这件事吧。",
    "这里已经没有人生你的气了。"};
const Lines kJapanese = {"もう二度と帰ってこないと思っていたよ。",
                         "今日は家族みんながあなたを待っていました。",
                         "どうして誰にも言わずに出て行ったの？",
                         "よく眠ってからその話をしましょう。",
                         "もう誰もあなたに怒っていませんよ。"};
const Lines kKorean = {
    "나는 네가 다시는 돌아오지 않을 줄 알았어.",
    "오늘 온 가족이 너를 기다리고 있었어.", "왜 아무한테도 말하지 않고 떠났니?",
    "푹 자고 나서 그 얘기를 하자.", "이제 아무도 너한테 화나지 않았어."};
const Lines kArabic = {
    "ظننت أنك لن تعود إلينا أبدا.", "كان كل من في البيت ينتظرك اليوم.",
    "لماذا رحلت دون أن تخبر أحدا؟", "يمكننا أن نتحدث عن ذلك بعد أن تنام.",
    "لم يعد أحد هنا غاضبا منك."};

std::vector<Cue> Cues(const Lines& captions) {
  std::string srt;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    const std::string second = std::to_string(10 + i);
    srt += "00:00:" + second + ",000 --> 00:00:" + second + ",900\n" +
           captions[i] + "\n\n";
  }
  return ParseSubtitles("a.srt", srt).cues;
}

Lines Below(const Lines& above, const Lines& below) {
  Lines captions;
  for (std::size_t i = 0; i < above.size(); ++i)
    captions.push_back(above[i] + "\n" + below[i]);
  return captions;
}

struct Kept {
  Lines texts;
  std::string warning;
};

Kept Keep(const Lines& languages, const Lines& captions) {
  std::vector<Cue> cues = Cues(captions);
  Kept kept;
  if (const auto warning = KeepLinesIn(languages, "a.srt", &cues)) {
    EXPECT_EQ(warning->code, "subtitle_lines_skipped");
    kept.warning = warning->message;
  }
  for (const Cue& cue : cues) kept.texts.push_back(cue.text);
  return kept;
}

struct Pair {
  const char* name;
  std::string codes[2];
  std::string names[2];
  Lines lines[2];
};

void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

class PairTest : public testing::TestWithParam<Pair> {};

TEST_P(PairTest, TheBundlesLanguageIsKept) {
  const Pair& pair = GetParam();
  for (const int above : {0, 1}) {
    const Lines captions = Below(pair.lines[above], pair.lines[1 - above]);
    for (const int known : {0, 1}) {
      const Kept kept = Keep({pair.codes[known], "sw"}, captions);
      EXPECT_THAT(kept.texts, ElementsAreArray(pair.lines[known]));
      EXPECT_EQ(kept.warning, "a.srt: is in two languages: 5 lines in " +
                                  pair.names[1 - known] +
                                  ", which the model (" + pair.codes[known] +
                                  ", sw) does not know, are left out");
    }
    for (const Lines& languages :
         {Lines{pair.codes[0], pair.codes[1]}, Lines{"sw"}, Lines{}}) {
      const Kept kept = Keep(languages, captions);
      EXPECT_EQ(kept.warning, "");
      std::vector<Cue> all = Cues(captions);
      for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(kept.texts[i], all[i].text);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Languages, PairTest,
    testing::Values(
        Pair{"zh_en",
             {"zh", "en"},
             {"Chinese", "English"},
             {kChinese, kEnglish}},
        Pair{"ko_en", {"ko", "en"}, {"Korean", "English"}, {kKorean, kEnglish}},
        Pair{"ja_zh",
             {"ja", "zh"},
             {"Japanese", "Chinese"},
             {kJapanese, kChinese}},
        Pair{"ar_en", {"ar", "en"}, {"Arabic", "English"}, {kArabic, kEnglish}},
        Pair{"es_en",
             {"es", "en"},
             {"Spanish", "English"},
             {kSpanish, kEnglish}}),
    [](const auto& info) { return std::string(info.param.name); });

// What a caption has beyond a line of each.
TEST(KeepLinesIn, GoesByTheFileNotByTheLine) {
  Lines captions = Below(kChinese, kEnglish);
  captions.push_back("OK\n好的\nOkay.\nLet us go.");
  captions.push_back("这是第一行，\n这是第二行。\nThis is both of it.");
  captions.push_back("我用Photoshop改了那张照片\nI changed it\n100%");
  captions.push_back("Michael!");
  captions.push_back("快走");
  Lines chinese = kChinese;
  chinese.insert(chinese.end(),
                 {"OK 好的", "这是第一行，这是第二行。",
                  "我用Photoshop改了那张照片", "Michael!", "快走"});
  EXPECT_THAT(Keep({"zh"}, captions).texts, ElementsAreArray(chinese));
  Lines english = kEnglish;
  english.insert(english.end(), {"Okay. Let us go.", "This is both of it.",
                                 "I changed it 100%", "Michael!", "快走"});
  EXPECT_THAT(Keep({"en"}, captions).texts, ElementsAreArray(english));
}

TEST(KeepLinesIn, LeavesAFilmAloneThatQuotesAnotherLanguage) {
  Lines captions = kChinese;
  captions.insert(captions.end(), {"他说\nI will be back", "OK\n我知道了",
                                   "Titanic\n泰坦尼克号", "我爱北京\nBeijing",
                                   "再见了", "下次见"});
  const Kept kept = Keep({"zh"}, captions);
  EXPECT_EQ(kept.warning, "");
  EXPECT_EQ(kept.texts[5], "他说 I will be back");
  EXPECT_EQ(kept.texts[6], "OK 我知道了");
  // Two such captions are no file in two languages, either.
  EXPECT_EQ(Keep({"zh"}, {"我爱北京\nBeijing", "他说\nI will be back"}).warning,
            "");
}

TEST(KeepLinesIn, LeavesTwoLinesOfOneLanguageAlone) {
  for (const Lines* lines :
       {&kEnglish, &kSpanish, &kChinese, &kJapanese, &kKorean, &kArabic}) {
    const Lines captions = Below(*lines, {lines->rbegin(), lines->rend()});
    for (const char* language : {"en", "es", "zh", "ja", "ko", "ar", "sw"})
      EXPECT_EQ(Keep({language}, captions).warning, "") << captions[0];
  }
}

// A Japanese line may hold no kana.
TEST(KeepLinesIn, TellsJapaneseFromChineseByWhereItStands) {
  Lines captions = Below(kJapanese, kChinese);
  captions.push_back("大丈夫？\n没事吧？");
  EXPECT_EQ(Keep({"ja"}, captions).texts.back(), "大丈夫？");
  EXPECT_EQ(Keep({"zh"}, captions).texts.back(), "没事吧？");
}

// As ASS has them: a style, and an event, for each language.
TEST(KeepLinesIn, TakesCuesThatBeginAtOnceForOneCaption) {
  std::string srt;
  for (const Lines* lines : {&kChinese, &kEnglish}) {
    for (int i = 0; i < 3; ++i) {
      srt += "00:00:0" + std::to_string(i) + ",000 --> 00:00:0" +
             std::to_string(i) + ",900\n" + (*lines)[i] + "\n\n";
    }
  }
  std::vector<Cue> cues = ParseSubtitles("a.srt", srt).cues;
  ASSERT_EQ(cues.size(), 6u);
  ASSERT_TRUE(KeepLinesIn({"en"}, "a.srt", &cues));
  ASSERT_EQ(cues.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(cues[i].text, kEnglish[i]);
    EXPECT_THAT(cues[i].lines, ElementsAre(kEnglish[i]));
  }
}

// Exports that line up two files leave the starts some frames apart.
TEST(KeepLinesIn, TakesCuesThatBeginWithinATenthOfASecondForOneCaption) {
  std::string srt;
  for (int i = 0; i < 5; ++i) {
    const std::string second = "00:00:0" + std::to_string(i);
    srt += second + ",000 --> " + second + ",800\n" + kSpanish[i] + "\n\n" +
           second + ",100 --> " + second + ",900\n" + kEnglish[i] + "\n\n";
  }
  std::vector<Cue> cues = ParseSubtitles("a.srt", srt).cues;
  ASSERT_EQ(cues.size(), 10u);
  ASSERT_TRUE(KeepLinesIn({"en"}, "a.srt", &cues));
  ASSERT_EQ(cues.size(), 5u);
  EXPECT_EQ(cues[4].text, kEnglish[4]);
}

TEST(KeepLinesIn, TellsScriptsApartWhereTheOrderChanges) {
  Lines captions;
  for (std::size_t i = 0; i < kEnglish.size(); ++i) {
    captions.push_back(i % 2 == 0 ? kEnglish[i] + "\n" + kChinese[i]
                                  : kChinese[i] + "\n" + kEnglish[i]);
  }
  captions.insert(captions.end(), {"Michael!", "100%\nMichael!", "快走"});
  for (const bool chinese : {true, false}) {
    Lines texts = chinese ? kChinese : kEnglish;
    texts.insert(texts.end(), {"Michael!", "100% Michael!", "快走"});
    const Kept kept = Keep({chinese ? "zh" : "en"}, captions);
    EXPECT_THAT(kept.texts, ElementsAreArray(texts));
    EXPECT_EQ(kept.warning,
              std::string("a.srt: is in two languages: 5 lines in ") +
                  (chinese ? "English, which the model (zh)"
                           : "Chinese, which the model (en)") +
                  " does not know, are left out");
  }
}

}  // namespace
}  // namespace vsa
