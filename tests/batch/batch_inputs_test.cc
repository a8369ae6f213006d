// What the INPUTs of a batch come to.
#include "batch/batch_inputs.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "batch/listed_item.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

const std::string kMatroska = "\x1A\x45\xDF\xA3 and so on";

class BatchInputsTest : public TemporaryFolder {
 protected:
  BatchInputs Read(std::vector<std::string> inputs, const std::string& in = "",
                   bool sound = false) const {
    std::FILE* list = std::tmpfile();
    std::fwrite(in.data(), 1, in.size(), list);
    std::rewind(list);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closed(list,
                                                                 std::fclose);
    const MediaSought sought = {
        [](const std::string& path) { return path.find("sound") == path.npos; },
        sound};
    return ReadBatchInputs(inputs, Item(), fileno(list), sought);
  }

  // Their paths in the folder.
  std::vector<std::string> Videos(std::vector<std::string> inputs,
                                  const std::string& in = "") const {
    std::vector<std::string> videos;
    const BatchInputs read = Read(std::move(inputs), in);
    for (std::size_t i = 0; i < read.items.size(); ++i)
      videos.push_back(read.items[i].video.substr(folder_.string().size() + 1));
    return videos;
  }

  std::string MessageOf(std::vector<std::string> inputs,
                        const std::string& in = "") const {
    try {
      Read(std::move(inputs), in);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      std::string message = error.what();
      for (std::size_t at;
           (at = message.find(folder_.string() + "/")) != std::string::npos;)
        message.erase(at, folder_.string().size() + 1);
      return message;
    }
    return "";
  }

  std::string Path(const std::string& name) const {
    return (folder_ / name).string();
  }
};

TEST_F(BatchInputsTest, FoldersAreWalkedInTheOrderOfBytesAndByContent) {
  fs::create_directories(folder_ / "b" / "deep");
  fs::create_directories(folder_ / "empty");
  Write("b.mp4", "no video, but it says so: its failure is told");
  Write("B.MP4", "");
  Write("a.srt", "words");
  Write("notes.txt", "words");
  Write("\xFF.mkv", "");
  Write("b/deep/no_extension", kMatroska);
  Write("b/sound", kMatroska);
  Write("b/program.ts", "const x = 1;");
  Write("b/stream.ts",
        "G" + std::string(187, ' ') + "G" + std::string(187, ' ') + "G");
  Write("b/._c.mp4", "of a Mac");
  Write("b/c\nd.avi", "");
  EXPECT_THAT(Videos({folder_.string()}),
              ElementsAre("B.MP4", "b/c\nd.avi", "b/deep/no_extension",
                          "b/stream.ts", "b.mp4", "\xFF.mkv"));
}

TEST_F(BatchInputsTest, OddThingsInAFolderDoNoHarm) {
  fs::create_directory(folder_ / "d");
  fs::create_directory_symlink("..", folder_ / "d" / "up");
  fs::create_directory_symlink("round", folder_ / "round");
  fs::create_symlink("nowhere", folder_ / "gone");
  fs::create_symlink("nowhere.mp4", folder_ / "gone.mp4");
  ASSERT_EQ(mkfifo(Path("pipe.mp4").c_str(), 0600), 0);
  Write("d/a.mp4", "");
  fs::create_symlink("d/a.mp4", folder_ / "e.mp4");
  EXPECT_THAT(Videos({folder_.string()}),
              ElementsAre("d/a.mp4", "e.mp4", "gone.mp4"));
}

TEST_F(BatchInputsTest, FilesPatternsAndStdin) {
  fs::create_directory(folder_ / "d");
  Write("a1.mp4", "");
  Write("a2.mp4", "");
  Write("a2.srt", "");
  Write("d/b.mp4", "");
  Write("[x].mp4", "");
  EXPECT_THAT(Videos({Path("[x].mp4"), Path("a*"), Path("d/./../d/b.mp4")}),
              ElementsAre("[x].mp4", "a1.mp4", "a2.mp4", "d/b.mp4"));
  EXPECT_THAT(Videos({"-"}, Path("gone.mp4") + "\n\n" + Path("a1.mp4") + "\n"),
              ElementsAre("gone.mp4", "a1.mp4"));
  EXPECT_THAT(Videos({"-"}, Path("a\nb.mp4") + '\0' + Path("a1.mp4") + '\0'),
              ElementsAre("a\nb.mp4", "a1.mp4"));
}

TEST_F(BatchInputsTest, ManifestsInCsvAndJsonLines) {
  fs::create_directory(folder_ / "m");
  Write(
      "m/a.csv",
      "id,video,more,subs,date\n7,../v.mp4,x,,\n,w.mp4,,s/w.srt,2024-05-01\n");
  Write("m/b.jsonl",
        "{\"video\": \"u.mp4\", \"more\": 1, \"id\": null}\n\n"
        "{\"video\": \"u.mp4\", \"id\": \"2\", \"subs\": \"/s.srt\", \"date\": "
        "\"May\"}\n");
  const BatchInputs inputs = Read({Path("m/a.csv"), Path("m/b.jsonl")});
  ASSERT_EQ(inputs.items.size(), 4u);
  EXPECT_EQ(inputs.items[0].video, Path("v.mp4"));
  EXPECT_EQ(inputs.items[0].id, "7");
  EXPECT_EQ(inputs.items[0].subtitles, std::nullopt);
  EXPECT_EQ(inputs.items[0].date, std::nullopt);
  EXPECT_EQ(inputs.items[1].video, Path("m/w.mp4"));
  EXPECT_EQ(inputs.items[1].id, std::nullopt);
  EXPECT_EQ(inputs.items[1].subtitles, Path("m/s/w.srt"));
  EXPECT_EQ(inputs.items[1].date, "2024-05-01");
  EXPECT_EQ(inputs.items[2].video, Path("m/u.mp4"));
  EXPECT_EQ(inputs.items[3].subtitles, "/s.srt");
  EXPECT_EQ(inputs.items[3].date, "May");
  EXPECT_THAT(inputs.manifests,
              ElementsAre(Path("m/a.csv"), Path("m/b.jsonl")));
}

TEST_F(BatchInputsTest, LinesOfStdinMayBeThoseOfAManifest) {
  const std::string line =
      R"({"video": ")" + Path("v.mp4") + R"(", "id": "1", "subs": "/s.srt"})";
  const BatchInputs inputs = Read({"-"}, line + "\r\n" + Path("v.mp4"));
  ASSERT_EQ(inputs.items.size(), 2u);
  EXPECT_EQ(inputs.items[0].video, Path("v.mp4"));
  EXPECT_EQ(inputs.items[0].id, "1");
  EXPECT_EQ(inputs.items[0].subtitles, "/s.srt");
  EXPECT_EQ(inputs.items[1].id, std::nullopt);
  EXPECT_EQ(MessageOf({"-"}, Path("v.mp4") + "\n{\"id\": \"1\"}\n"),
            "stdin:2: names no video; expected the key \"video\"");

  // The name of a file is none.
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  Write("{}", "");
  EXPECT_THAT(Videos({"-"}, "{}\n"), ElementsAre("{}"));
  fs::current_path(before);
}

TEST_F(BatchInputsTest, WrongManifestsAreToldWithTheirLine) {
  const auto message = [&](const char* name, const std::string& bytes) {
    Write(name, bytes);
    return MessageOf({Path(name)});
  };
  EXPECT_EQ(message("m.csv", "file,id\na.mp4,1\n"),
            "m.csv:1: has no column video; expected one, named in this line");
  EXPECT_EQ(message("m.csv", "video,id\na.mp4,1\n,2\n"),
            "m.csv:3: names no video; expected its path");
  EXPECT_EQ(message("m.csv", "video,id\n"),
            "m.csv: holds no video; expected one at least");
  EXPECT_EQ(message("m.jsonl", "{\"video\": \"a.mp4\"}\nvideo\n"),
            "m.jsonl:2: is no JSON object; expected one as {\"video\": "
            "\"a.mp4\"}");
  EXPECT_EQ(message("m.jsonl", "{\"path\": \"a.mp4\"}\n"),
            "m.jsonl:1: names no video; expected the key \"video\"");
  EXPECT_EQ(message("m.jsonl", "{\"video\": \"a.mp4\", \"id\": 7}\n"),
            "m.jsonl:1: id is no string; expected one");
  EXPECT_EQ(message("m.jsonl", "{\"video\": \"a\\u0000.mp4\"}\n"),
            "m.jsonl:1: video holds a NUL byte");
}

TEST_F(BatchInputsTest, TheSameItemTwiceIsRefused) {
  Write("m.csv", "video,id\na.mp4,1\nb.mp4,1\na.mp4,2\n./a.mp4,1\n");
  EXPECT_EQ(MessageOf({Path("m.csv")}),
            "m.csv:5: a.mp4: is given twice, first in m.csv:2; expected each "
            "video with its id and subtitles once");
  Write("a.mp4", "");
  EXPECT_EQ(MessageOf({folder_.string(), Path("a.mp4")}),
            "a.mp4: is given twice; expected each video with its id and "
            "subtitles once");
}

TEST_F(BatchInputsTest, WhatIsNotThereIsRefused) {
  fs::create_directory(folder_ / "empty");
  fs::create_symlink("nowhere", folder_ / "link.mp4");
  EXPECT_EQ(MessageOf({Path("gone.mp4")}),
            "gone.mp4: no such file; expected a video, a folder, a manifest or "
            "a pattern that matches some");
  EXPECT_EQ(MessageOf({Path("link.mp4")}),
            "link.mp4: is a link to nowhere; expected a video, a folder or a "
            "manifest");
  EXPECT_EQ(MessageOf({Path("empty")}),
            "empty: holds no video; expected one at least");
  EXPECT_EQ(MessageOf({"-"}), "stdin: holds no video; expected one at least");
}

TEST_F(BatchInputsTest, AnEmptyInputBesideOthersIsRemembered) {
  fs::create_directory(folder_ / "empty");
  Write("a.mp4", "");
  EXPECT_THAT(Read({Path("a.mp4"), Path("empty")}).without_video,
              ElementsAre(Path("empty")));
  EXPECT_THAT(Read({Path("a.mp4")}).without_video, IsEmpty());
}

TEST_F(BatchInputsTest, AFolderThatAPatternCannotLookIntoIsTold) {
  fs::create_symlink("circle", folder_ / "circle");
  EXPECT_EQ(MessageOf({Path("circle/*.mp4")}),
            "circle: cannot be read: Too many levels of symbolic links; "
            "expected a folder of videos");
  if (geteuid() == 0) GTEST_SKIP() << "root may read every folder";
  fs::create_directories(folder_ / "clips/closed");
  fs::create_directories(folder_ / "clips/open");
  Write("clips/open/a.mp4", "");
  fs::permissions(folder_ / "clips/closed", fs::perms::none);
  const BatchInputs inputs = Read({Path("clips/*/*.mp4")});
  fs::permissions(folder_ / "clips/closed", fs::perms::owner_all);
  EXPECT_THAT(inputs.items, testing::SizeIs(1));
  EXPECT_THAT(inputs.unreadable,
              ElementsAre(Path("clips/closed") +
                          ": cannot be read: Permission denied"));
}

TEST_F(BatchInputsTest, FilesOfSoundAreMediaIfTheyAreAskedFor) {
  Write("a.mp3", "x");
  Write("b.MP4", "x");
  for (const char* name : {"c.opus", "d.au", "e.caf", "f.tta", "g.WV", "h.w64"})
    Write(name, "x");
  EXPECT_THAT(Read({folder_.string()}).items, testing::SizeIs(1));
  EXPECT_THAT(Read({folder_.string()}, "", /*sound=*/true).items,
              testing::SizeIs(8));
  // One that is named is taken anyway.
  EXPECT_THAT(Read({(folder_ / "a.mp3").string()}).items, testing::SizeIs(1));
}

// A program that runs vsa tells by it which file is meant.
TEST(ItemOfRow, AUrlKeepsItsSlashes) {
  ManifestRow row;
  row.video = "s3://bucket/a.mp4";
  EXPECT_EQ(ItemOfRow(row, "/no/such/folder", Item()).video,
            "/no/such/folder/s3://bucket/a.mp4");
  row.video = "local:///tmp/a.mp4";
  EXPECT_EQ(ItemOfRow(row, "/tmp", Item()).video, "/tmp/local:///tmp/a.mp4");
}

}  // namespace
}  // namespace vsa
