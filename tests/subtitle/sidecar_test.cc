#include "subtitle/sidecar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/base/temporary_folder.h"

namespace vsa {

void PrintTo(const Sidecar& sidecar, std::ostream* out) {
  *out << sidecar.path << " (" << sidecar.tier << ")"
       << (sidecar.forced ? " (forced)" : "");
}
bool operator==(const Sidecar& a, const Sidecar& b) {
  return a.path == b.path && a.tier == b.tier && a.forced == b.forced;
}

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class SidecarTest : public TemporaryFolder {
 protected:
  void Make(const std::vector<std::string>& names) {
    for (const std::string& name : names) Write(name, "x");
  }
  std::string In(const std::string& name) { return (folder_ / name).string(); }
};

TEST_F(SidecarTest, AreInTheOrderOfTheContract) {
  Make({"a.ssa", "a.ass", "a.vtt", "a.srt", "a.fr.srt", "a.de.vtt", "a.en.vtt",
        "a.en.srt", "a.en-US.vtt", "a.de.srt", "a.mp4"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.srt"), 0}, Sidecar{In("a.vtt"), 0},
                  Sidecar{In("a.ass"), 0}, Sidecar{In("a.ssa"), 0},
                  Sidecar{In("a.en.srt"), 0}, Sidecar{In("a.en.vtt"), 0},
                  Sidecar{In("a.en-US.vtt"), 0}, Sidecar{In("a.de.srt"), 1},
                  Sidecar{In("a.de.vtt"), 1}, Sidecar{In("a.fr.srt"), 1}));
}

TEST_F(SidecarTest, OfTheLaterFormatsComeAfterAllOfTheFirst) {
  Make({"a.lrc", "a.sbv", "a.smi", "a.sami", "a.dfxp", "a.ttml", "a.en.ttml",
        "a.fr.sbv", "a.fr.srt", "a.xml", "a.txt", "a.json", "a.info.json",
        "a.en.srv3", "a.json3", "a.scc"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.fr.srt"), 1}, Sidecar{In("a.ttml"), 0},
                  Sidecar{In("a.dfxp"), 0}, Sidecar{In("a.sami"), 0},
                  Sidecar{In("a.smi"), 0}, Sidecar{In("a.sbv"), 0},
                  Sidecar{In("a.lrc"), 0}, Sidecar{In("a.scc"), 0},
                  Sidecar{In("a.json3"), 0}, Sidecar{In("a.en.ttml"), 0},
                  Sidecar{In("a.en.srv3"), 0}, Sidecar{In("a.fr.sbv"), 1}));
}

TEST_F(SidecarTest, KnowLanguagesByAnyOfTheirNames) {
  Make({"a.eng.srt", "a.English.srt", "a.EN_gb.srt", "a.en.forced.srt",
        "a.enx.srt", "a.zho.srt", "a.chi-Hans.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"zh", "en"}}),
      ElementsAre(Sidecar{In("a.chi-Hans.srt"), 0},
                  Sidecar{In("a.EN_gb.srt"), 0}, Sidecar{In("a.eng.srt"), 0},
                  Sidecar{In("a.English.srt"), 0}, Sidecar{In("a.zho.srt"), 0},
                  Sidecar{In("a.enx.srt"), 1},
                  Sidecar{In("a.en.forced.srt"), 0, true}));
}

TEST_F(SidecarTest, MarksAreNoLanguagesAndForcedOnesComeLast) {
  Make({"a.forced.srt", "a.en.sdh.srt", "a.en.cc.vtt", "a.en.srt",
        "a.de.Forced.srt", "a.default.srt", "a.full.ass", "a.hi.srt",
        "a.de.srt", "a.en.director.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.default.srt"), 0}, Sidecar{In("a.full.ass"), 0},
                  Sidecar{In("a.en.srt"), 0}, Sidecar{In("a.en.sdh.srt"), 0},
                  Sidecar{In("a.en.cc.vtt"), 0},
                  Sidecar{In("a.en.director.srt"), 0},
                  Sidecar{In("a.hi.srt"), 0}, Sidecar{In("a.de.srt"), 1},
                  Sidecar{In("a.forced.srt"), 0, true},
                  Sidecar{In("a.de.Forced.srt"), 1, true}));
}

TEST_F(SidecarTest, MarksAreToldHoweverTheyAreWritten) {
  Make({"a.en-forced.srt", "a.de_Forced.srt", "a.en.signs.srt", "a.eng.srt",
        "a.2.eng.srt", "a.2.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.eng.srt"), 0}, Sidecar{In("a.2.eng.srt"), 0},
                  Sidecar{In("a.en-forced.srt"), 0, true},
                  Sidecar{In("a.en.signs.srt"), 0, true},
                  Sidecar{In("a.de_Forced.srt"), 1, true}));
}

TEST_F(SidecarTest, MayBeInTwoLanguages) {
  Make({"a.chs&eng.srt", "a.de+fr.srt", "a.de&1.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("a.chs&eng.srt"), 0},
                          Sidecar{In("a.de+fr.srt"), 1}));
}

TEST_F(SidecarTest, OfAVideoWhoseNameBeginsAsThisOneAreNotTaken) {
  Make({"a.trailer.mp4", "a.trailer.srt", "a.trailer.en.srt", "a.old.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("a.old.srt"), 1}));
  EXPECT_THAT(FindSidecars(In("a.trailer.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("a.trailer.srt"), 0},
                          Sidecar{In("a.trailer.en.srt"), 0}));
}

TEST_F(SidecarTest, MayHaveTheExtensionOfTheVideoInTheirName) {
  Make({"a.mp4", "a.mp4.srt", "a.MP4.en.vtt", "a.mp4x.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.mp4.srt"), 0}, Sidecar{In("a.MP4.en.vtt"), 0}));
}

TEST_F(SidecarTest, NamesAreEqualThatAreSoInUnicode) {
  const std::string composed = "caf\xC3\xA9";
  const std::string decomposed = "cafe\xCC\x81";
  Make({composed + ".srt", decomposed + ".en.srt", "cafe.srt"});
  for (const std::string& name : {composed, decomposed}) {
    EXPECT_THAT(FindSidecars(In(name + ".mp4"), {{"en"}}),
                ElementsAre(Sidecar{In(composed + ".srt"), 0},
                            Sidecar{In(decomposed + ".en.srt"), 0}));
  }
  EXPECT_THAT(FindSidecars(In("cafe.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("cafe.srt"), 0}));
}

TEST_F(SidecarTest, HaveExtensionsInAnyCase) {
  Make({"a.SRT", "a.En.VtT"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("a.SRT"), 0}, Sidecar{In("a.En.VtT"), 0}));
}

TEST_F(SidecarTest, BelongToNoOtherVideo) {
  Make({"a2.srt", "ab.srt", "A.srt", "b.srt", "a.txt", "a.2.srt", "a..srt",
        "a.part2.srt", "a.srt.bak", "srt", ".srt"});
  fs::create_directory(folder_ / "a.srt");
  EXPECT_THAT(FindSidecars(In("a.mp4"), {{"en"}}), IsEmpty());
}

TEST_F(SidecarTest, AreNotTheVideoItself) {
  Make({"a.srt", "a.vtt"});
  EXPECT_THAT(FindSidecars(In("a.srt"), {{"en"}}),
              ElementsAre(Sidecar{In("a.vtt"), 0}));
}

TEST_F(SidecarTest, MayHaveBytesThatAreNotUtf8) {
  Make({"\xFF\xFE.mp4", "\xFF\xFE.srt"});
  EXPECT_THAT(FindSidecars(In("\xFF\xFE.mp4"), {{"en"}}),
              ElementsAre(Sidecar{In("\xFF\xFE.srt"), 0}));
}

TEST_F(SidecarTest, MayHaveDotsInTheName) {
  Make({"a.b.c.srt", "a.b.c.en.srt", "a.b.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.b.c.mp4"), {{"en"}}),
      ElementsAre(Sidecar{In("a.b.c.srt"), 0}, Sidecar{In("a.b.c.en.srt"), 0}));
}

TEST_F(SidecarTest, AreNamedAsTheVideoIs) {
  Make({"a.srt"});
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const std::vector<Sidecar> found = FindSidecars("a.mp4", {{"en"}});
  fs::current_path(before);
  EXPECT_THAT(found, ElementsAre(Sidecar{"a.srt", 0}));
}

TEST_F(SidecarTest, GoByTiersAndSayTheirLanguage) {
  Make({"a.de.srt", "a.en.srt", "a.fr.srt", "a.th.srt", "a.chs&eng.srt"});
  const std::vector<Sidecar> found =
      FindSidecars(In("a.mp4"), {{"fr"}, {"en"}, {"en", "de"}});
  EXPECT_THAT(
      found,
      ElementsAre(Sidecar{In("a.fr.srt"), 0}, Sidecar{In("a.en.srt"), 1},
                  Sidecar{In("a.chs&eng.srt"), 1}, Sidecar{In("a.de.srt"), 2},
                  Sidecar{In("a.th.srt"), 3}));
  EXPECT_EQ(found.at(0).language, "fr");
  EXPECT_EQ(found.at(2).language, "");
}

TEST_F(SidecarTest, WithTheVeryTagComeFirst) {
  Make({"a.zh-Hans.srt", "a.zh.srt", "a.zh_HANT.vtt", "a.zh-TW.ass"});
  const auto first = [&](const std::string& asked) {
    return FindSidecars(In("a.mp4"), {{asked}, {"en"}}).at(0).path;
  };
  EXPECT_EQ(first("zh-Hant"), In("a.zh_HANT.vtt"));
  EXPECT_EQ(first("zh-TW"), In("a.zh-TW.ass"));
  EXPECT_EQ(first("zh"), In("a.zh.srt"));
  EXPECT_EQ(first("chi"), In("a.zh.srt"));
}

TEST_F(SidecarTest, HiAloneIsHindiOrOfTheHardOfHearing) {
  Make({"a.hi.srt", "a.en.hi.srt", "a.de.srt", "a.fr.srt"});
  const auto found = [&](const LanguageTiers& languages) {
    std::vector<std::string> names;
    for (const Sidecar& sidecar : FindSidecars(In("a.mp4"), languages)) {
      names.push_back(fs::path(sidecar.path).filename().string());
      if (names.back() == "a.hi.srt") {
        EXPECT_EQ(sidecar.language, "");
        EXPECT_EQ(sidecar.tier, 0u);
      }
    }
    return names;
  };
  EXPECT_THAT(found({{"en"}, {"en", "de", "hi"}}),
              ElementsAre("a.en.hi.srt", "a.de.srt", "a.hi.srt", "a.fr.srt"));
  EXPECT_THAT(found({{"fr"}, {"en"}}),
              ElementsAre("a.fr.srt", "a.en.hi.srt", "a.hi.srt", "a.de.srt"));
  EXPECT_THAT(found({{"hi"}, {"en"}}),
              ElementsAre("a.hi.srt", "a.en.hi.srt", "a.de.srt", "a.fr.srt"));
  EXPECT_THAT(found({}).front(), "a.hi.srt");
}

TEST_F(SidecarTest, AreNoneWhereThereIsNoFolder) {
  EXPECT_THAT(FindSidecars(In("none/a.mp4"), {{"en"}}), IsEmpty());
}

}  // namespace
}  // namespace vsa
