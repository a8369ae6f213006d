#include "subtitle/sidecar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/base/temporary_folder.h"

namespace vsa {

void PrintTo(const Sidecar& sidecar, std::ostream* out) {
  *out << sidecar.path << (sidecar.other_language ? " (other)" : "")
       << (sidecar.forced ? " (forced)" : "");
}
bool operator==(const Sidecar& a, const Sidecar& b) {
  return a.path == b.path && a.other_language == b.other_language &&
         a.forced == b.forced;
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
      FindSidecars(In("a.mp4"), {"en"}),
      ElementsAre(
          Sidecar{In("a.srt"), false}, Sidecar{In("a.vtt"), false},
          Sidecar{In("a.ass"), false}, Sidecar{In("a.ssa"), false},
          Sidecar{In("a.en.srt"), false}, Sidecar{In("a.en.vtt"), false},
          Sidecar{In("a.en-US.vtt"), false}, Sidecar{In("a.de.srt"), true},
          Sidecar{In("a.de.vtt"), true}, Sidecar{In("a.fr.srt"), true}));
}

TEST_F(SidecarTest, OfTheLaterFormatsComeAfterAllOfTheFirst) {
  Make({"a.lrc", "a.sbv", "a.smi", "a.sami", "a.dfxp", "a.ttml", "a.en.ttml",
        "a.fr.sbv", "a.fr.srt", "a.xml", "a.txt", "a.json", "a.info.json",
        "a.en.srv3", "a.json3", "a.scc"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {"en"}),
      ElementsAre(
          Sidecar{In("a.fr.srt"), true}, Sidecar{In("a.ttml"), false},
          Sidecar{In("a.dfxp"), false}, Sidecar{In("a.sami"), false},
          Sidecar{In("a.smi"), false}, Sidecar{In("a.sbv"), false},
          Sidecar{In("a.lrc"), false}, Sidecar{In("a.scc"), false},
          Sidecar{In("a.json3"), false}, Sidecar{In("a.en.ttml"), false},
          Sidecar{In("a.en.srv3"), false}, Sidecar{In("a.fr.sbv"), true}));
}

TEST_F(SidecarTest, KnowLanguagesByAnyOfTheirNames) {
  Make({"a.eng.srt", "a.English.srt", "a.EN_gb.srt", "a.en.forced.srt",
        "a.enx.srt", "a.zho.srt", "a.chi-Hans.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"zh", "en"}),
              ElementsAre(Sidecar{In("a.chi-Hans.srt"), false},
                          Sidecar{In("a.EN_gb.srt"), false},
                          Sidecar{In("a.eng.srt"), false},
                          Sidecar{In("a.English.srt"), false},
                          Sidecar{In("a.zho.srt"), false},
                          Sidecar{In("a.enx.srt"), true},
                          Sidecar{In("a.en.forced.srt"), false, true}));
}

TEST_F(SidecarTest, MarksAreNoLanguagesAndForcedOnesComeLast) {
  Make({"a.forced.srt", "a.en.sdh.srt", "a.en.cc.vtt", "a.en.srt",
        "a.de.Forced.srt", "a.default.srt", "a.full.ass", "a.hi.srt",
        "a.de.srt", "a.en.director.srt"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {"en"}),
      ElementsAre(
          Sidecar{In("a.default.srt"), false}, Sidecar{In("a.hi.srt"), false},
          Sidecar{In("a.full.ass"), false}, Sidecar{In("a.en.srt"), false},
          Sidecar{In("a.en.sdh.srt"), false}, Sidecar{In("a.en.cc.vtt"), false},
          Sidecar{In("a.en.director.srt"), false},
          Sidecar{In("a.de.srt"), true},
          Sidecar{In("a.forced.srt"), false, true},
          Sidecar{In("a.de.Forced.srt"), true, true}));
}

TEST_F(SidecarTest, MarksAreToldHoweverTheyAreWritten) {
  Make({"a.en-forced.srt", "a.de_Forced.srt", "a.en.signs.srt", "a.eng.srt",
        "a.2.eng.srt", "a.2.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.eng.srt"), false},
                          Sidecar{In("a.2.eng.srt"), false},
                          Sidecar{In("a.en-forced.srt"), false, true},
                          Sidecar{In("a.en.signs.srt"), false, true},
                          Sidecar{In("a.de_Forced.srt"), true, true}));
}

TEST_F(SidecarTest, MayBeInTwoLanguages) {
  Make({"a.chs&eng.srt", "a.de+fr.srt", "a.de&1.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.chs&eng.srt"), false},
                          Sidecar{In("a.de+fr.srt"), true}));
}

TEST_F(SidecarTest, OfAVideoWhoseNameBeginsAsThisOneAreNotTaken) {
  Make({"a.trailer.mp4", "a.trailer.srt", "a.trailer.en.srt", "a.old.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.old.srt"), true}));
  EXPECT_THAT(FindSidecars(In("a.trailer.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.trailer.srt"), false},
                          Sidecar{In("a.trailer.en.srt"), false}));
}

TEST_F(SidecarTest, MayHaveTheExtensionOfTheVideoInTheirName) {
  Make({"a.mp4", "a.mp4.srt", "a.MP4.en.vtt", "a.mp4x.srt"});
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.mp4.srt"), false},
                          Sidecar{In("a.MP4.en.vtt"), false}));
}

TEST_F(SidecarTest, NamesAreEqualThatAreSoInUnicode) {
  const std::string composed = "caf\xC3\xA9";
  const std::string decomposed = "cafe\xCC\x81";
  Make({composed + ".srt", decomposed + ".en.srt", "cafe.srt"});
  for (const std::string& name : {composed, decomposed}) {
    EXPECT_THAT(FindSidecars(In(name + ".mp4"), {"en"}),
                ElementsAre(Sidecar{In(composed + ".srt"), false},
                            Sidecar{In(decomposed + ".en.srt"), false}));
  }
  EXPECT_THAT(FindSidecars(In("cafe.mp4"), {"en"}),
              ElementsAre(Sidecar{In("cafe.srt"), false}));
}

TEST_F(SidecarTest, HaveExtensionsInAnyCase) {
  Make({"a.SRT", "a.En.VtT"});
  EXPECT_THAT(
      FindSidecars(In("a.mp4"), {"en"}),
      ElementsAre(Sidecar{In("a.SRT"), false}, Sidecar{In("a.En.VtT"), false}));
}

TEST_F(SidecarTest, BelongToNoOtherVideo) {
  Make({"a2.srt", "ab.srt", "A.srt", "b.srt", "a.txt", "a.2.srt", "a..srt",
        "a.part2.srt", "a.srt.bak", "srt", ".srt"});
  fs::create_directory(folder_ / "a.srt");
  EXPECT_THAT(FindSidecars(In("a.mp4"), {"en"}), IsEmpty());
}

TEST_F(SidecarTest, AreNotTheVideoItself) {
  Make({"a.srt", "a.vtt"});
  EXPECT_THAT(FindSidecars(In("a.srt"), {"en"}),
              ElementsAre(Sidecar{In("a.vtt"), false}));
}

TEST_F(SidecarTest, MayHaveBytesThatAreNotUtf8) {
  Make({"\xFF\xFE.mp4", "\xFF\xFE.srt"});
  EXPECT_THAT(FindSidecars(In("\xFF\xFE.mp4"), {"en"}),
              ElementsAre(Sidecar{In("\xFF\xFE.srt"), false}));
}

TEST_F(SidecarTest, MayHaveDotsInTheName) {
  Make({"a.b.c.srt", "a.b.c.en.srt", "a.b.srt"});
  EXPECT_THAT(FindSidecars(In("a.b.c.mp4"), {"en"}),
              ElementsAre(Sidecar{In("a.b.c.srt"), false},
                          Sidecar{In("a.b.c.en.srt"), false}));
}

TEST_F(SidecarTest, AreNamedAsTheVideoIs) {
  Make({"a.srt"});
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const std::vector<Sidecar> found = FindSidecars("a.mp4", {"en"});
  fs::current_path(before);
  EXPECT_THAT(found, ElementsAre(Sidecar{"a.srt", false}));
}

TEST_F(SidecarTest, AreNoneWhereThereIsNoFolder) {
  EXPECT_THAT(FindSidecars(In("none/a.mp4"), {"en"}), IsEmpty());
}

}  // namespace
}  // namespace vsa
