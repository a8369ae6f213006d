#include "text/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <string>
#include <utility>
#include <vector>

#include "vsa/error.h"

namespace vsa {
namespace {

// `utf8` in another encoding. Every character must exist in it.
std::string Encode(const std::string& utf8, const std::string& encoding) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(encoding.c_str(), &status);
  EXPECT_TRUE(U_SUCCESS(status)) << encoding;
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  std::string bytes(text.length() * 8 + 16, '\0');
  ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr,
                        nullptr, &status);
  const int32_t size =
      ucnv_fromUChars(converter, bytes.data(), bytes.size(), text.getBuffer(),
                      text.length(), &status);
  EXPECT_TRUE(U_SUCCESS(status)) << encoding << ": " << u_errorName(status);
  bytes.resize(size);
  ucnv_close(converter);
  return bytes;
}

// A SubRip file of these lines.
std::string Srt(const std::vector<std::string>& lines) {
  std::string file;
  int i = 0;
  for (const std::string& line : lines) {
    ++i;
    file += std::to_string(i) + "\r\n00:00:0" + std::to_string(i) +
            ",000 --> 00:00:0" + std::to_string(i) + ",900\r\n" + line +
            "\r\n\r\n";
  }
  return file;
}

struct Language {
  const char* name;
  const char* written_in;  // a converter of ICU
  const char* detected_as;
  std::vector<std::string> lines;
};

void PrintTo(const Language& language, std::ostream* out) {
  *out << language.name << " in " << language.written_in;
}

const std::vector<Language>& Languages() {
  static const auto* const kLanguages = new std::vector<Language>{
      {"Chinese",
       "gb18030",
       "GB18030",
       {"我今天真的很开心，谢谢你们来看我。",
        "可是他为什么要骗我？太过分了！"}},
      {"Chinese",
       "Big5",
       "Big5",
       {"我今天真的很開心，謝謝你們來看我。",
        "可是他為什麼要騙我？太過分了！"}},
      {"Japanese",
       "Shift_JIS",
       "Shift_JIS",
       {"今日は本当に楽しかったです。", "どうしてそんなことを言うの？"}},
      {"Japanese",
       "EUC-JP",
       "EUC-JP",
       {"今日は本当に楽しかったです。", "どうしてそんなことを言うの？"}},
      {"Japanese",
       "ISO-2022-JP",
       "ISO-2022-JP",
       {"今日は本当に楽しかったです。", "どうしてそんなことを言うの？"}},
      {"Korean",
       "windows-949",
       "EUC-KR",
       {"오늘 정말 즐거웠어요.", "왜 그런 말을 하는 거야?"}},
      {"Russian",
       "windows-1251",
       "windows-1251",
       {"Я сегодня очень рад вас видеть.", "Почему он меня обманул?"}},
      {"Russian",
       "KOI8-R",
       "KOI8-R",
       {"Я сегодня очень рад вас видеть.", "Почему он меня обманул?"}},
      {"Ukrainian",
       "windows-1251",
       "windows-1251",
       {"Я дуже радий тебе бачити.", "Чому він мене обманув?"}},
      {"Polish",
       "windows-1250",
       "windows-1250",
       {"Bardzo się cieszę, że cię widzę.",
        "Nie rób tego. To śmieszne i głupie."}},
      {"Czech",
       "windows-1250",
       "windows-1250",
       {"Jsem moc rád, že tě vidím.", "Proč mi lhal? To je příšerné."}},
      {"Greek",
       "windows-1253",
       "windows-1253",
       {"Χαίρομαι πολύ που σε βλέπω.", "Γιατί μου είπε ψέματα;"}},
      {"Turkish",
       "windows-1254",
       "windows-1254",
       {"Seni gördüğüme çok sevindim.", "Bana neden yalan söyledi?"}},
      {"Hebrew",
       "windows-1255",
       "windows-1255",
       {"אני מאוד שמח לראות אותך.", "למה הוא שיקר לי?"}},
      {"Arabic",
       "windows-1256",
       "windows-1256",
       {"أنا سعيد جدا برؤيتك اليوم.", "لماذا كذب علي؟"}},
      {"Thai",
       "windows-874",
       "windows-874",
       {"วันนี้ฉันมีความสุขมากจริงๆ", "ทำไมเขาถึงโกหกฉัน"}},
      {"Hungarian",
       "windows-1250",
       "ISO-8859-2",  // the same bytes
       {"Nagyon örülök, hogy itt vagy velünk.",
        "Miért hazudott nekem? Ez szörnyű, és őrült dolog."}},
      {"Hungarian with Windows' quotation marks",
       "windows-1250",
       "windows-1250",
       {"„Nagyon örülök”, hogy itt vagy velünk.",
        "Miért hazudott nekem? Ez szörnyű, és őrült dolog…"}},
      // Letters with two marks are written as a letter and a combining one.
      {"Vietnamese",
       "windows-1258",
       "windows-1258",
       {"Hôm nay tôi râ\u0301t vui khi gă\u0323p ba\u0323n.",
        "Ta\u0323i sao anh âi\u0301 la\u0323i nói dô\u0301i tôi?"}},
      {"French",
       "windows-1252",
       "windows-1252",
       {"Je suis très heureux de vous voir.", "Ça m'a gêné, c'était l'été."}},
      {"German",
       "windows-1252",
       "windows-1252",
       {"Ich freue mich, dass ihr da seid.", "Es wird schön für uns alle."}},
      {"Spanish",
       "windows-1252",
       "windows-1252",
       {"Estoy muy feliz de verte mañana.", "¿Por qué me mintió?"}},
      {"English",
       "windows-1252",
       "windows-1252",
       {"I’m so happy to see you… really.",
        "He said “never again” – and left."}},
      {"French on an old Macintosh",
       "macintosh",
       "macintosh",
       {"Je suis très heureux de vous voir.", "C’est l’été, ça m’a gêné."}},
      {"English on an old Macintosh",
       "macintosh",
       "macintosh",
       {"I’m so happy to see you…", "He said “never again” – and left."}},
      {"German on an old Macintosh",
       "macintosh",
       "macintosh",
       {"Ich bin überglücklich, daß ihr da seid.",
        "Es wird schön für uns alle."}},
  };
  return *kLanguages;
}

class DetectionTest : public testing::TestWithParam<Language> {};

TEST_P(DetectionTest, FindsTheEncodingOfTwoCaptions) {
  const Language& language = GetParam();
  const std::string utf8 = Srt(language.lines);
  const DecodedText text = DecodeText(Encode(utf8, language.written_in), "");
  EXPECT_EQ(text.encoding, language.detected_as);
  EXPECT_EQ(text.utf8, utf8);
  EXPECT_FALSE(text.replaced);
  EXPECT_GT(text.confidence, 0);
  EXPECT_LE(text.confidence, 1);
}

TEST_P(DetectionTest, DecodesWhatIsAskedFor) {
  const Language& language = GetParam();
  const std::string utf8 = Srt(language.lines);
  const DecodedText text =
      DecodeText(Encode(utf8, language.written_in), language.written_in);
  EXPECT_EQ(text.utf8, utf8);
  EXPECT_EQ(text.confidence, 1);
}

INSTANTIATE_TEST_SUITE_P(Languages, DetectionTest,
                         testing::ValuesIn(Languages()));

TEST(Encoding, KnowsOneLineOfKorean) {
  const std::string utf8 = Srt({"오늘 정말 즐거웠어요."});
  const DecodedText text = DecodeText(Encode(utf8, "windows-949"), "");
  EXPECT_EQ(text.encoding, "EUC-KR");
  EXPECT_EQ(text.utf8, utf8);
}

// Captions without a character beyond ASCII, and one with `line`.
std::string WithLine(std::vector<std::string> plain, const std::string& line) {
  plain.push_back(line);
  return Srt(plain);
}

const std::vector<std::string> kEnglish = {
    "Hello there my friend, how are you?",
    "This is the worst thing that ever happened to me.",
    "We should go now before it is too late."};
const std::vector<std::string> kGerman = {
    "Hallo mein Freund, wie geht es dir heute?",
    "Das ist das Schlimmste, was mir je passiert ist.",
    "Niemand hat ihnen gestern Abend davon etwas gesagt."};
const std::vector<std::string> kFrench = {
    "Bonjour mon ami, comment vas-tu aujourd'hui ?",
    "Je ne comprends pas ce que tu veux dire.",
    "Nous sommes tous dans la maison de mon oncle."};

struct Line {
  const std::vector<std::string>* plain;
  std::string bytes;
  std::string encoding;
  std::string text;
};

void PrintTo(const Line& line, std::ostream* out) {
  *out << line.text << " in " << line.encoding;
}

class FewCharactersTest : public testing::TestWithParam<Line> {};

// What stands where tells the encoding of a character or two.
TEST_P(FewCharactersTest, AreReadByWhereTheyStand) {
  const Line& line = GetParam();
  const DecodedText text = DecodeText(WithLine(*line.plain, line.bytes), "");
  EXPECT_EQ(text.encoding, line.encoding);
  EXPECT_EQ(text.utf8, WithLine(*line.plain, line.text));
  if (text.encoding != "windows-1252") {
    EXPECT_LT(text.confidence, kSureOfEncoding);
    EXPECT_FALSE(text.second.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Windows, FewCharactersTest,
    testing::Values(
        Line{&kEnglish, "I don\x92t know.", "windows-1252", "I don’t know."},
        Line{&kEnglish, "We can\x92t go, it\x92s late.", "windows-1252",
             "We can’t go, it’s late."},
        Line{&kEnglish, "Rock \x92n\x92 roll", "windows-1252", "Rock ’n’ roll"},
        Line{&kEnglish, "Wait\x97what?", "windows-1252", "Wait—what?"},
        Line{&kEnglish, "Zo\xEB", "windows-1252", "Zoë"},
        Line{&kEnglish, "jalape\xF1o", "windows-1252", "jalapeño"},
        Line{&kEnglish, "fianc\xE9", "windows-1252", "fiancé"},
        Line{&kEnglish, "\xA1Hola! he said", "windows-1252", "¡Hola! he said"},
        Line{&kEnglish, "Five \xA2 only", "windows-1252", "Five ¢ only"}));

INSTANTIATE_TEST_SUITE_P(
    EastAsian, FewCharactersTest,
    testing::Values(
        Line{&kEnglish, "I don\xA1\xAFt know", "GB18030", "I don’t know"},
        Line{&kEnglish, "\xA1\xB0Stop!\xA1\xB1 he\xA1\xAFs said", "GB18030",
             "“Stop!” he’s said"},
        Line{&kEnglish, "Well\xA1\xAD yes", "GB18030", "Well… yes"},
        Line{&kEnglish, "I don\xA1\xAFt know\xA1\xA6", "EUC-KR",
             "I don’t know…"},
        Line{&kEnglish, "\xA2\xDC La la \xA2\xDC", "EUC-KR", "♪ La la ♪"},
        Line{&kEnglish, "I don\xA1\xA6t know", "Big5", "I don’t know"},
        Line{&kEnglish, "Well\xA1K \xA1\xA7yes\xA1\xA8", "Big5", "Well… “yes”"},
        Line{&kEnglish, "I don\x81\x66t know", "Shift_JIS", "I don’t know"},
        Line{&kEnglish, "\x81gYou\x81\x66re late,\x81h", "Shift_JIS",
             "“You’re late,”"},
        Line{&kEnglish, "I don\xA1\xC7t know", "EUC-JP", "I don’t know"}));

INSTANTIATE_TEST_SUITE_P(
    DosAndMacintosh, FewCharactersTest,
    testing::Values(
        Line{&kEnglish, "My fianc\x82 is na\x8Bve.", "IBM850",
             "My fiancé is naïve."},
        Line{&kEnglish, "a jalape\xA4o", "IBM850", "a jalapeño"},
        Line{&kGerman, "Sch\x94n!", "IBM850", "Schön!"},
        Line{&kGerman, "Ich wei\xE1 es.", "IBM850", "Ich weiß es."},
        Line{&kFrench, "C'est tr\x8As bien.", "IBM850", "C'est très bien."},
        Line{&kFrench, "O\x97 est le gar\x87on ?", "IBM850",
             "Où est le garçon ?"},
        Line{&kEnglish, "My fianc\x8E left", "macintosh", "My fiancé left"},
        Line{&kEnglish, "El Ni\x96o came", "macintosh", "El Niño came"},
        Line{&kEnglish,
             "It costs \xDB"
             "5",
             "macintosh", "It costs €5"},
        Line{&kEnglish, "It is 20\xA1 now", "macintosh", "It is 20° now"},
        Line{&kGerman, "Sie wei\xA7, da\xA7 sch\x9An war.", "macintosh",
             "Sie weiß, daß schön war."}));

// "…" of windows-1252 and "à" of DOS are the same byte.
TEST(Encoding, OfTwoReadingsThatFitTheSecondIsNamed) {
  const DecodedText text = DecodeText(
      Srt({"Non so cosa sia successo ieri sera.", "Vieni qui, per favore.",
           "Questo non mi piace per niente.", "Dov'era la citt\x85?"}),
      "");
  EXPECT_LT(text.confidence, kSureOfEncoding);
  EXPECT_EQ(text.encoding, "windows-1252");
  EXPECT_EQ(text.second, "IBM850");
}

TEST(Encoding, OfNamesFromElsewhereInEnglishTheDetectorsKnowMore) {
  for (const auto& [line, encoding] :
       {std::pair{"They say Привет, друзья мои.", "windows-1251"},
        std::pair{"Dvořák wrote it.", "windows-1250"},
        std::pair{"Kovač, wait!", "windows-1250"}}) {
    const std::string utf8 = WithLine(kEnglish, line);
    EXPECT_EQ(DecodeText(Encode(utf8, encoding), "").utf8, utf8);
  }
}

TEST(Encoding, FollowsByteOrderMarks) {
  const std::string utf8 = Srt({"Grüße, 世界 🙂"});
  for (const std::string encoding :
       {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
    const DecodedText text =
        DecodeText(Encode("\xEF\xBB\xBF" + utf8, encoding), "");
    EXPECT_EQ(text.encoding, encoding);
    EXPECT_EQ(text.utf8, utf8);
    EXPECT_EQ(text.confidence, 1);
    EXPECT_FALSE(text.replaced);
  }
}

TEST(Encoding, KnowsWideEncodingsWithoutMark) {
  for (const std::string& line :
       {std::string("Good morning to you."),
        std::string("我今天真的很开心，谢谢你们。")}) {
    const std::string utf8 = Srt({line});
    for (const std::string encoding :
         {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
      const DecodedText text = DecodeText(Encode(utf8, encoding), "");
      EXPECT_EQ(text.encoding, encoding);
      EXPECT_EQ(text.utf8, utf8);
    }
  }
}

TEST(Encoding, TakesUtf8AsItIs) {
  const DecodedText text = DecodeText("na\xC3\xAFve \xEF\xBF\xBD", "");
  EXPECT_EQ(text.encoding, "UTF-8");
  EXPECT_EQ(text.utf8, "na\xC3\xAFve \xEF\xBF\xBD");
  EXPECT_EQ(text.confidence, 1);
  EXPECT_FALSE(text.replaced);
  EXPECT_EQ(DecodeText("", "").encoding, "UTF-8");
}

TEST(Encoding, ReplacesFewBrokenBytesOfUtf8) {
  const std::string good = "这是一句很普通的话。";
  const DecodedText text = DecodeText(good + "\xE4\xBD" + good, "");
  EXPECT_EQ(text.encoding, "UTF-8");
  EXPECT_EQ(text.utf8, good + "\xEF\xBF\xBD" + good);
  EXPECT_TRUE(text.replaced);
}

TEST(Encoding, KeepsAStrayZeroOfUtf8) {
  const std::string bytes("Hello there, my old friend\0 of mine", 35);
  EXPECT_EQ(DecodeText(bytes, "").utf8, bytes);
}

TEST(Encoding, DropsTheMarkOfAnEncodingAskedFor) {
  EXPECT_EQ(DecodeText("\xEF\xBB\xBFHello", "utf8").utf8, "Hello");
  EXPECT_EQ(DecodeText("\xEF\xBB\xBFHello", "utf8").encoding, "UTF-8");
  EXPECT_EQ(DecodeText(std::string("\xFF\xFEH\0i\0", 6), "UTF-16").utf8, "Hi");
}

TEST(Encoding, ReplacesWhatAnEncodingAskedForDoesNotHave) {
  const DecodedText text = DecodeText("a\xFF\xFFz", "Shift_JIS");
  EXPECT_TRUE(text.replaced);
  EXPECT_EQ(text.utf8.front(), 'a');
  EXPECT_EQ(text.utf8.back(), 'z');
  EXPECT_THAT(text.utf8, testing::HasSubstr("\xEF\xBF\xBD"));
}

TEST(Encoding, RefusesANameThatIsNone) {
  try {
    DecodeText("Hello", "klingon");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_STREQ(error.what(),
                 "--encoding klingon: not a known encoding; expected a name "
                 "such as UTF-8, GB18030 or windows-1252");
  }
}

TEST(Encoding, MakesValidUtf8OfAnyBytes) {
  std::string all;
  for (int i = 255; i >= 0; --i) all += static_cast<char>(i);
  const DecodedText text = DecodeText(all, "");
  const DecodedText again = DecodeText(text.utf8, "");
  EXPECT_EQ(again.encoding, "UTF-8");
  EXPECT_EQ(again.confidence, 1);
}

// Of a file that is UTF-8 but for single bytes the rest stays as it is.
TEST(Encoding, SingleBadBytesDoNotMakeAFileAnotherEncoding) {
  for (const std::string rest :
       {"Don’t go.", "Été à la mer.", "今天", "Привет, друзья мои."}) {
    const DecodedText text = DecodeText(rest + " caf\xE9.", "");
    EXPECT_EQ(text.encoding, "UTF-8") << rest;
    EXPECT_EQ(text.utf8, rest + " caf\uFFFD.");
    EXPECT_TRUE(text.replaced);
  }
}

TEST(Encoding, PairsOfSurrogatesAreOneCharacter) {
  const DecodedText text =
      DecodeText("I love it \xED\xA0\xBD\xED\xB8\x80 café", "");
  EXPECT_EQ(text.encoding, "CESU-8");
  EXPECT_EQ(text.utf8, "I love it 😀 café");
  EXPECT_FALSE(text.replaced);
}

TEST(Encoding, AGuessNamesTheNextOne) {
  const DecodedText text = DecodeText("I don\xD5t like it.", "");
  EXPECT_EQ(text.encoding, "macintosh");
  EXPECT_LT(text.confidence, kSureOfEncoding);
  EXPECT_FALSE(text.second.empty());
}

}  // namespace
}  // namespace vsa
