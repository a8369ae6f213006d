#include "subtitle/danmaku.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "vsa/error.h"

namespace vsa {

void PrintTo(const Comment& comment, std::ostream* out) {
  *out << comment.time.count() << " us: " << comment.text;
}
bool operator==(const Comment& a, const Comment& b) {
  return a.time == b.time && a.text == b.text;
}

namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Danmaku Parse(const std::string& comments) {
  return ParseDanmaku(
      "a.xml",
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<i>" + comments + "</i>");
}

std::vector<std::string> Texts(const Danmaku& danmaku) {
  std::vector<std::string> texts;
  for (const Comment& comment : danmaku.comments) texts.push_back(comment.text);
  return texts;
}

TEST(ParseDanmaku, ReadsEveryKnownNumberOfFieldsAndSortsByTime) {
  const Danmaku danmaku = Parse(
      "<chatserver>chat.bilibili.com</chatserver><chatid>144541892</chatid>\n"
      // 8 fields, as they were first; 9 since 2021; 4 in other programs' files.
      "<d p=\"490.19100,1,25,16777215,1584268892,0,a16fe0dd,2995085\">8</d>\n"
      "<d p=\"0,5,25,16777215,1584268892,0,a16fe0dd,2995085,10\">9</d>\n"
      "<d p=\"12.5,4,16777215,somewhere\">4</d>\n"
      // Recordings of live streams name the user and keep the raw message.
      "<d p=\"12.5,1,25,5566168,1674984938198,0,1261402599,0\" user=\"u\" "
      "raw=\"[[0,1,25,&quot;{}&quot;]]\">live</d>\n"
      "<gift ts=\"1\" user=\"u\" giftname=\"g\"/><sc ts=\"2\">paid</sc>");
  EXPECT_THAT(danmaku.comments,
              ElementsAre(Comment{milliseconds(0), "9"},
                          Comment{milliseconds(2000), "paid"},
                          Comment{milliseconds(12500), "4"},
                          Comment{milliseconds(12500), "live"},
                          Comment{milliseconds(490191), "8"}));
  EXPECT_THAT(danmaku.warnings, IsEmpty());
}

TEST(ParseDanmaku, ProgramsAndDrawingsAreNoComments) {
  const Danmaku danmaku = Parse(
      "<d p=\"1,1,25\">scrolls</d><d p=\"1,4,25\">bottom</d>"
      "<d p=\"1,5,25\">top</d><d p=\"1,6,25\">backwards</d>"
      "<d p=\"1,7,25\">[0,0,\"1-1\",5,\"placed\",0,0]</d>"
      "<d p=\"1,8,25\">$.createComment()</d><d p=\"1,9,25\">def text t</d>");
  EXPECT_THAT(Texts(danmaku),
              ElementsAre("scrolls", "bottom", "top", "backwards"));
  EXPECT_THAT(danmaku.warnings, IsEmpty());
}

TEST(ParseDanmaku, ACommentIsOneLineOfWords) {
  const Danmaku danmaku = Parse(
      "<d p=\"1,1\">a &amp; b &lt;3 &#x54C8;&quot;&apos;</d>"
      "<d p=\"2,1\">a &lt;i&gt;tag&lt;/i&gt; typed</d>"
      "<d p=\"3,1\"> two\n\tlines\x7F </d>"
      "<d p=\"4,1\"> \n </d><d p=\"5,1\"/>"
      "<d p=\"5,1\">\u3000</d><d p=\"5,1\">\u200B \uFE0F</d>"
      "<d p=\"6,1\"><![CDATA[kept & whole]]></d>");
  EXPECT_THAT(Texts(danmaku),
              ElementsAre("a & b <3 哈\"'", "a <i>tag</i> typed", "two lines",
                          "kept & whole"));
  EXPECT_THAT(danmaku.warnings, IsEmpty());
}

TEST(ParseDanmaku, TimesThatCannotBeReadAreOneWarning) {
  const Danmaku one = Parse("<d p=\"1,1\">a</d>\n<d p=\"soon,1\">b</d>");
  EXPECT_THAT(Texts(one), ElementsAre("a"));
  ASSERT_THAT(one.warnings, SizeIs(1));
  EXPECT_EQ(one.warnings[0].code, "danmaku_skipped");
  EXPECT_EQ(one.warnings[0].message,
            "a.xml:3: 1 comment without a time that can be read; expected <d "
            "p=\"SECONDS,…\">: skipped");
  const Danmaku several = Parse(
      "<d p=\"1,1\">a</d><d>b</d>\n<d p=\"\">c</d><d p=\"-1,1\">d</d>"
      "<d p=\"NaN,1\">e</d><d p=\"inf,1\">f</d><d p=\"1e300,1\">g</d>");
  EXPECT_THAT(Texts(several), ElementsAre("a"));
  ASSERT_THAT(several.warnings, SizeIs(1));
  EXPECT_EQ(several.warnings[0].message,
            "a.xml:2: 6 comments, of which this is the first, without a time "
            "that can be read; expected <d p=\"SECONDS,…\">: skipped");
}

TEST(ParseDanmaku, DamagedXmlIsReadAsFarAsItGoes) {
  const struct {
    const char* xml;
    std::vector<std::string> texts;
    const char* warning;
  } kCases[] = {
      {"<i><d p=\"1,1\">a</d>\n<d p=\"2,1\">cut o",
       {"a", "cut o"},
       "a.xml:2: damaged XML: Premature end of data in tag d line 2"},
      {"<i><d p=\"1,1\">a\n<d p=\"2,1\">b</d></i>",
       {"a", "b"},
       "a.xml:2: damaged XML: Opening and ending tag mismatch: d and i"},
      // Signs that XML forbids are in many old files.
      {"<i><d p=\"1,1\">a\x08z</d>\n<d p=\"2,1\">b</d></i>",
       {"az", "b"},
       "a.xml:1: damaged XML: PCDATA invalid Char value 8"},
      {"<i><d p=\"1,1\">a & b</d></i>", {"a & b"}, nullptr},
      {"<i><d p=\"1,1\">a ]]> b</d></i>", {"a ]]> b"}, nullptr},
  };
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.xml);
    const Danmaku danmaku = ParseDanmaku("a.xml", one.xml);
    EXPECT_EQ(Texts(danmaku), one.texts);
    ASSERT_EQ(danmaku.warnings.size(), one.warning ? 1u : 0u);
    if (!one.warning) continue;
    EXPECT_EQ(danmaku.warnings[0].code, "danmaku_damaged");
    EXPECT_EQ(danmaku.warnings[0].message, one.warning);
  }
}

TEST(ParseDanmaku, SpacesBetweenFieldsDoNotMatter) {
  const Danmaku danmaku =
      Parse("<d p=\"0.5, 1, 25\">a</d><d p=\" 1 , 7 , 25\">program</d>");
  EXPECT_THAT(danmaku.comments, ElementsAre(Comment{milliseconds(500), "a"}));
  EXPECT_THAT(danmaku.warnings, IsEmpty());
}

TEST(ParseDanmaku, AMessageWithoutATimeIsAtZero) {
  for (const char* user : {"midHash", "mid_hash"}) {
    const Danmaku danmaku = ParseDanmaku(
        "a.json", std::string("[{\"content\": \"a\", \"mode\": 1, \"") + user +
                      "\": \"b\"}, {\"content\": \"z\", \"progress\": 500}]");
    EXPECT_THAT(danmaku.comments, ElementsAre(Comment{Time(0), "a"},
                                              Comment{milliseconds(500), "z"}));
  }
}

TEST(ParseDanmaku, ZerosInAFileAreNotItsEnd) {
  using std::string_literals::operator""s;
  const Danmaku danmaku = ParseDanmaku(
      "a.xml", "<i><d p=\"1,1\">a\0z</d>\0<d p=\"2,1\">b</d></i>"s);
  EXPECT_THAT(Texts(danmaku), ElementsAre("az", "b"));
}

TEST(ParseDanmaku, EntitiesOfAFilesOwnAreNotExpandedNorRead) {
  const Danmaku danmaku =
      ParseDanmaku("a.xml",
                   "<!DOCTYPE i [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">"
                   "<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n"
                   "<i><d p=\"1,1\">&b;</d><d p=\"2,1\">&f;</d></i>");
  EXPECT_THAT(Texts(danmaku), ElementsAre("&b;", "&f;"));
}

TEST(ParseDanmaku, OtherFilesAreRefused) {
  for (const char* text :
       {"", "words", "<movie><title>x</title></movie>", "<i>slanted</i>",
        "<tt><d p=\"1,1\">a</d></tt>", "{\"d\": 1}",
        "{\"count\":1,\"comments\":[{\"words\":\"hi\",\"at\":1}]}",
        "[Script Info]\nTitle: danmaku\n"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(IsDanmaku(text));
    try {
      ParseDanmaku("a.xml", text);
      ADD_FAILURE() << "is taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_STREQ(
          error.what(),
          "a.xml: is no danmaku in XML or JSON; expected that of Bilibili, "
          "dandanplay, Niconico or AcFun, with comments such as <d "
          "p=\"1.5,1,…\">");
    }
  }
}

TEST(ParseDanmaku, OfAVideoThatNobodyCommentedIsEmpty) {
  const Danmaku danmaku = Parse(
      "<chatserver>chat.bilibili.com</chatserver><chatid>1</chatid>"
      "<mission>0</mission><maxlimit>1000</maxlimit>");
  EXPECT_THAT(danmaku.comments, IsEmpty());
  EXPECT_THAT(danmaku.warnings, IsEmpty());
}

// Files as sites and programs write them.
TEST(ReadDanmakuFile, ReadsEveryDialect) {
  const std::vector<Comment> both = {{milliseconds(500), "I love it"},
                                     {milliseconds(2500), "so bad"}};
  const std::map<std::string, std::vector<Comment>> kFiles = {
      {"ok_acfun.json", both},
      {"ok_acfun_old.json", both},
      {"ok_bilibili.json", both},
      {"ok_bilibili_2.xml", both},
      {"ok_bilibili_deflate.xml", both},
      {"ok_bilibili_gb18030.xml",
       {{milliseconds(500), "我爱你"}, {milliseconds(2500), "so bad"}}},
      {"ok_bilibili_gzip.xml", both},
      {"ok_bilibili_quotes.xml", both},
      {"ok_bilibili_zlib.xml", both},
      {"ok_dandanplay.json", both},
      {"ok_dandanplay.xml", both},
      {"ok_dandanplay_old.json", both},
      {"ok_dandanplay_old.xml", both},
      {"ok_live_super_chat.xml", both},
      {"ok_niconico.json", both},
      {"ok_niconico.xml", both},
      {"ok_niconico_old.json", both},
      {"ok_no_comments.json", {}},
      {"ok_typed_tags.xml",
       {{milliseconds(500), "<I love it>"},
        {milliseconds(1000), "<3 & you"},
        {milliseconds(2500), "#include<stdio.h>"}}},
  };
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(
           VSA_SOURCE_DIR "/tests/data/danmaku")) {
    const std::string path = entry.path().string();
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    names.insert(name);
    if (name.rfind("ok_", 0) != 0) continue;
    ASSERT_EQ(kFiles.count(name), 1u) << "say what it holds";
    const Danmaku danmaku = ParseDanmaku(path, ReadDanmakuFile(path).utf8);
    EXPECT_EQ(danmaku.comments, kFiles.at(name));
    EXPECT_THAT(danmaku.warnings, IsEmpty());
  }
  for (const auto& [name, comments] : kFiles) EXPECT_EQ(names.count(name), 1u);
}

TEST(ReadDanmakuFile, OneThatIsCutIsReadAsFarAsItGoesAndSaysSo) {
  const std::string folder = VSA_SOURCE_DIR "/tests/data/danmaku/";
  for (const char* name : {"warn_cut.xml", "warn_cut_gzip.xml"}) {
    SCOPED_TRACE(name);
    const Danmaku danmaku =
        ParseDanmaku(name, ReadDanmakuFile(folder + name).utf8);
    EXPECT_EQ(Texts(danmaku).at(0), "I love it");
    ASSERT_THAT(danmaku.warnings, SizeIs(1));
    EXPECT_EQ(danmaku.warnings[0].code, "danmaku_damaged");
  }
  try {
    ParseDanmaku("a.json", ReadDanmakuFile(folder + "fail_cut.json").utf8);
    ADD_FAILURE() << "is taken";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "a.json: is danmaku, but damaged or cut short; expected JSON");
  }
}

TEST(ParseDanmaku, ProgramsAndDrawingsOfOtherDialectsAreNoComments) {
  for (const char* text :
       {"<i><d p=\"34656419668557820,0,500,7,25,1,1,0,a\">[]</d></i>",
        "<packet><chat vpos=\"1\" fork=\"1\">@ピザ</chat></packet>",
        "[{\"progress\":1,\"mode\":8,\"content\":\"x\"}]",
        "[{\"c\":\"0.5,16777215,7,25\",\"m\":\"{}\"}]",
        "{\"comments\":[{\"p\":\"1,7,1\",\"m\":\"[]\"}]}"}) {
    SCOPED_TRACE(text);
    const Danmaku danmaku = ParseDanmaku("a", text);
    EXPECT_THAT(danmaku.comments, IsEmpty());
    EXPECT_THAT(danmaku.warnings, IsEmpty());
  }
}

TEST(ParseDanmaku, TimesOfOtherDialectsThatCannotBeReadAreOneWarning) {
  const struct {
    const char* text;
    const char* warning;
  } kCases[] = {
      {"<packet>\n<chat vpos=\"-5\">a</chat></packet>",
       "a:2: 1 comment without a time that can be read; expected <chat "
       "vpos=\"HUNDREDTHS\">: skipped"},
      {"[[],[{\"progress\":\"soon\",\"content\":\"x\"}]]",
       "a: [1][0]: 1 comment without a time that can be read; expected a "
       "number such as \"progress\": MILLISECONDS: skipped"},
      {R"([{"progress":-1e999,"content":"x"},{"progress":1E+999,"content":"y"}])",
       "a: [0]: 2 comments, of which this is the first, without a time that "
       "can be read; expected a number such as \"progress\": MILLISECONDS: "
       "skipped"},
  };
  for (const auto& one : kCases) {
    const Danmaku danmaku = ParseDanmaku("a", one.text);
    EXPECT_THAT(danmaku.comments, IsEmpty());
    ASSERT_THAT(danmaku.warnings, SizeIs(1));
    EXPECT_EQ(danmaku.warnings[0].code, "danmaku_skipped");
    EXPECT_EQ(danmaku.warnings[0].message, one.warning);
  }
}

TEST(ParseDanmaku, ANumberThatIsTooLargeCostsItsCommentAlone) {
  const Danmaku danmaku =
      ParseDanmaku("a", R"([{"progress":1e999,"content":"x"},)"
                        R"({"progress":1500.5,"content":"so \"1e999\" \\"},)"
                        R"({"progress":2e3,"content":"good","mode":1}])");
  EXPECT_THAT(danmaku.comments,
              ElementsAre(Comment{std::chrono::microseconds(1500500),
                                  "so \"1e999\" \\"},
                          Comment{milliseconds(2000), "good"}));
  ASSERT_THAT(danmaku.warnings, SizeIs(1));
  EXPECT_EQ(danmaku.warnings[0].message,
            "a: [0]: 1 comment without a time that can be read; expected a "
            "number such as \"progress\": MILLISECONDS: skipped");
}

}  // namespace
}  // namespace vsa
