// `vsa batch` from the outside: folders of short clips with the tiny bundle,
// interrupted in every way.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;
namespace fs = std::filesystem;

const std::string kSample = VSA_SOURCE_DIR "/samples/sample.mp4";
const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!stream.eof()) lines.push_back(line);  // whole lines alone
  }
  return lines;
}

class BatchProgramTest : public TemporaryFolder {
 protected:
  // The sample in 24 clips of half a second.
  static void SetUpTestSuite() {
    const fs::path folder = ClipsOfAll();
    fs::create_directories(folder);
    const std::string command =
        "ffmpeg -v error -y -i '" + kSample +
        "' -an -vf scale=320:-2 -c:v libx264 -preset ultrafast "
        "-force_key_frames 'expr:gte(t,n_forced*0.5)' -f segment "
        "-segment_time 0.5 -reset_timestamps 1 '" +
        folder.string() + "/c%02d.mp4'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::ofstream(folder / "c03.srt")
        << "1\n00:00:00,000 --> 00:00:00,400\nI love it.\n";
  }
  static void TearDownTestSuite() { fs::remove_all(ClipsOfAll()); }

  // This many of the clips, in a folder of the test's.
  std::string Clips(int count) const {
    fs::create_directories(folder_ / "clips");
    for (int i = 0; i < count; ++i) {
      char name[16];
      std::snprintf(name, sizeof name, "c%02d", i);
      for (const char* extension : {".mp4", ".srt"}) {
        const fs::path from = ClipsOfAll() / (std::string(name) + extension);
        if (fs::exists(from)) fs::copy(from, folder_ / "clips");
      }
    }
    return (folder_ / "clips").string();
  }

  std::vector<std::string> Arguments(std::vector<std::string> more) const {
    more.insert(more.begin(), "batch");
    more.insert(more.end(), {"--output", output_, "--model", kTiny});
    return more;
  }
  Outcome Batch(std::vector<std::string> more,
                const std::string& in = "") const {
    return RunProgram(Arguments(std::move(more)), in);
  }

  std::string Results() const { return Contents(output_); }
  std::vector<json> Lines() const { return ResultsOf(Results()); }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const json& line : Lines())
      names.push_back(
          fs::path(line["video"]["path"].get<std::string>()).filename());
    return names;
  }

  // Waits until the file has so many whole lines, or the program has ended.
  void AwaitLines(std::size_t count, RunningProgram* program) const {
    while (!program->HasEnded() && LinesOf(Results()).size() < count)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  // A short video and then one that takes long.
  // The long one is at work for seconds on any machine.
  std::string ShortAndLong() const {
    const std::string clips = Clips(1);
    const std::string sample = (folder_ / "long.mp4").string();
    const std::string command =
        "ffmpeg -v error -stream_loop 9 -i " + kSample + " -c copy " + sample;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return Write("m.csv",
                 "video,id\n" + clips + "/c00.mp4,\n" + sample + ",long\n");
  }

  std::string output_ = (folder_ / "r.jsonl").string();

 private:
  static fs::path ClipsOfAll() {
    return fs::temp_directory_path() /
           ("vsa_clips." + std::to_string(getpid()));
  }
};

TEST_F(BatchProgramTest, AFolderWithEverythingInIt) {
  const std::string clips = Clips(4);
  Write("clips/bad.mp4", "no video");
  Write("clips/notes.txt", "words");
  fs::rename(clips + "/c01.mp4", clips + "/c01");
  const Outcome outcome = Batch({clips});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "vsa: " + clips +
                "/bad.mp4: is no video, or one that is damaged or cut short; "
                "expected MP4, MKV, WebM, AVI or the like\n"
                "vsa: 4 computed, 0 kept, 1 failed\n");
  EXPECT_THAT(Names(), testing::ElementsAre("bad.mp4", "c00.mp4", "c01",
                                            "c02.mp4", "c03.mp4"));
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0]["error"]["kind"], "input");
  EXPECT_EQ(lines[3]["subtitles"]["source"], "none");
  EXPECT_EQ(lines[4]["subtitles"]["source"], "sidecar");
  EXPECT_EQ(lines[4]["segments"][0]["text"], "I love it.");
  for (const json& line : lines) {
    EXPECT_TRUE(line.contains("item"));
    EXPECT_TRUE(line.contains("key"));
  }

  const std::string before = Results();
  const Outcome again = Batch({clips});
  EXPECT_EQ(again.exit_code, 1) << "a failure that is kept";
  EXPECT_EQ(again.err, "vsa: " + output_ +
                           ": 1 failure of an earlier run kept; "
                           "--retry-failed computes again\n"
                           "vsa: 0 computed, 4 kept, 1 failed\n");
  EXPECT_EQ(Results(), before);
  fs::rename(clips + "/c01", clips + "/bad.mp4");
  const Outcome retried = Batch({clips, "--retry-failed", "--quiet"});
  EXPECT_EQ(retried.exit_code, 0);
  EXPECT_EQ(retried.err, "");
}

TEST_F(BatchProgramTest, ALineIsTheResultOfClassifyWithTwoKeysMore) {
  const std::string clips = Clips(4);
  EXPECT_EQ(Batch({clips}).exit_code, 0);
  json line = Lines()[3];
  line.erase("item");
  line.erase("key");
  EXPECT_EQ(
      line,
      json::parse(
          RunProgram({"classify", clips + "/c03.mp4", "--model", kTiny}).out));
}

TEST_F(BatchProgramTest, TheBytesDoNotDependOnJobsAndShardsMakeTheWhole) {
  const std::string clips = Clips(7);
  EXPECT_EQ(Batch({clips, "--jobs", "1"}).exit_code, 0);
  const std::string whole = Results();
  fs::remove(output_);
  EXPECT_EQ(Batch({clips, "--jobs", "4"}).exit_code, 0);
  EXPECT_EQ(Results(), whole);
  std::string joined;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    fs::remove(output_);
    EXPECT_EQ(Batch({clips, "--shard", shard}).exit_code, 0);
    EXPECT_LE(LinesOf(Results()).size(), 4u);
    joined += Results();
  }
  EXPECT_EQ(joined, whole);
  fs::remove(output_);
  EXPECT_EQ(Batch({clips + "/c00.mp4", "--shard", "1/2"}).exit_code, 0);
  const Outcome empty = Batch({clips + "/c00.mp4", "--shard", "2/2"});
  EXPECT_EQ(empty.exit_code, 0);
}

TEST_F(BatchProgramTest, WhatChangedIsComputedAgain) {
  const std::string clips = Clips(4);
  Batch({clips});
  const std::string before = Results();
  Write("clips/c03.srt", "1\n00:00:00,000 --> 00:00:00,400\nI hate it.\n");
  EXPECT_EQ(Batch({clips}).err, "vsa: 1 computed, 3 kept, 0 failed\n");
  EXPECT_EQ(Lines()[3]["segments"][0]["text"], "I hate it.");
  EXPECT_EQ(LinesOf(Results())[0], LinesOf(before)[0]);
  Write("clips/c01.en.srt", "1\n00:00:00,000 --> 00:00:00,400\nFine.\n");
  fs::last_write_time(clips + "/c00.mp4", fs::file_time_type::clock::now());
  EXPECT_EQ(Batch({clips}).err, "vsa: 2 computed, 2 kept, 0 failed\n");
  EXPECT_EQ(Batch({clips, "--fps", "3"}).err,
            "vsa: 4 computed, 0 kept, 0 failed\n");
  Batch({clips, "--dtype", "fp32"});
  EXPECT_EQ(Batch({clips, "--dtype", "bf16"}).err,
            "vsa: 4 computed, 0 kept, 0 failed\n");
  EXPECT_EQ(Batch({clips, "--no-subs"}).err,
            "vsa: 4 computed, 0 kept, 0 failed\n");
  EXPECT_EQ(LinesOf(Results()).size(), 4u);
}

TEST_F(BatchProgramTest, AVideoThatIsGoneKeepsItsResult) {
  const std::string clips = Clips(2);
  const std::string list = clips + "/c00.mp4\n" + clips + "/c01.mp4\n";
  EXPECT_EQ(Batch({"-"}, list).exit_code, 0);
  const std::string before = Results();
  fs::remove(clips + "/c00.mp4");
  const Outcome outcome = Batch({"-"}, list);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: " + clips +
                             "/c00.mp4: no such file; expected a video; its "
                             "earlier result stays\n"
                             "vsa: 0 computed, 1 kept, 1 failed\n");
  EXPECT_EQ(Results(), before);

  const Outcome folder = Batch({clips});
  EXPECT_EQ(folder.exit_code, 0);
  EXPECT_EQ(folder.err, "vsa: " + output_ +
                            ": 1 line of what is not in INPUT kept, first; "
                            "--prune drops\n"
                            "vsa: 0 computed, 1 kept, 0 failed\n");
  EXPECT_EQ(Results(), before);
  fs::create_directory(folder_ / "empty");
  const Outcome unsure =
      Batch({clips, (folder_ / "empty").string(), "--prune"});
  EXPECT_THAT(unsure.err, HasSubstr("vsa: " + (folder_ / "empty").string() +
                                    ": holds no video: --prune drops "
                                    "nothing\n"));
  EXPECT_EQ(Results(), before);
  EXPECT_EQ(Batch({clips, "--prune"}).err,
            "vsa: 0 computed, 1 kept, 0 failed\n");
  EXPECT_EQ(Results(), before.substr(before.find('\n') + 1));
}

TEST_F(BatchProgramTest, AManifestNamesIdDateAndSubtitles) {
  Clips(2);
  Write("s.srt", "1\n00:00:00,000 --> 00:00:00,400\nGood.\n");
  const std::string manifest =
      Write("m.csv",
            "id,video,subs,date\nx/1,clips/c01.mp4,s.srt,2024-05-01\n"
            "2,clips/c00.mp4,,\n3,clips/gone.mp4,,\n4,clips/c00.mp4,no.srt,\n");
  const Outcome outcome = Batch({manifest, "--jobs", "1"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "vsa: " + (folder_ / "clips/gone.mp4").string() +
                             ": no such file; expected a video\n"
                             "vsa: " +
                             (folder_ / "no.srt").string() +
                             ": cannot be opened: No such file or directory\n"
                             "vsa: 2 computed, 0 kept, 2 failed\n");
  const std::vector<json> lines = Lines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0]["id"], "x/1");
  EXPECT_EQ(lines[0]["date"], "2024-05-01");
  EXPECT_EQ(lines[0]["subtitles"]["source"], "option");
  EXPECT_EQ(lines[0]["segments"][0]["text"], "Good.");
  EXPECT_FALSE(lines[1].contains("date"));
  EXPECT_EQ(lines[2]["id"], "3");
}

TEST_F(BatchProgramTest, ListsFromOtherSystemsAreRead) {
  const std::string video = VSA_SOURCE_DIR "/samples/sample.mp4";
  const std::string table =
      Write("list.csv", "Video;Subs\r\n" + video + ";\r\n");
  const auto plan = [](const std::string& input, const std::string& in) {
    return RunProgram({"batch", input, "--dry-run", "--model", kTiny}, in);
  };
  const Outcome from_table = plan(table, "");
  EXPECT_EQ(json::parse(from_table.out)["video"], video) << from_table.err;
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& list :
       {video + "\r\n\r\n", mark + video + "\r\n", mark + "\n" + video}) {
    const Outcome from_stdin = plan("-", list);
    EXPECT_EQ(json::parse(from_stdin.out)["video"], video) << from_stdin.err;
  }
  for (const auto& [name, text] :
       {std::pair("LIST.CSV", mark + "video\r\n" + video + "\r\n"),
        {"L.TSV", "id\tvideo\n1\t" + video + "\n"},
        {"X.JsonL", mark + "{\"video\": \"" + video + "\"}\n"}}) {
    const Outcome from_list = plan(Write(name, text), "");
    EXPECT_EQ(json::parse(from_list.out)["video"], video) << from_list.err;
  }
  const std::string array = Write("list.JSON", "[]");
  const Outcome refused = plan(array, "");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.err,
            "vsa: " + array +
                ": is JSON, no manifest of vsa; expected JSON lines, a file "
                "*.jsonl with an object as {\"video\": \"a.mp4\"} a line, or "
                "CSV\n");
}

TEST_F(BatchProgramTest, AnOutputOfOneDashStreamsResults) {
  const Outcome outcome =
      RunProgram({"batch", VSA_SOURCE_DIR "/samples/sample.mp4", "--end", "1",
                  "--output", "-", "--model", kTiny});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(FaultOfResult(outcome.out), "");
  EXPECT_FALSE(fs::exists("-"));
}

TEST_F(BatchProgramTest, DryRunListsWhatWouldRun) {
  const std::string clips = Clips(4);
  const Outcome all =
      RunProgram({"batch", clips, "--dry-run", "--model", kTiny});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_EQ(all.err, "");
  ASSERT_EQ(LinesOf(all.out).size(), 4u);
  EXPECT_EQ(LinesOf(all.out)[3],
            "{\"video\":\"" + clips +
                "/c03.mp4\",\"id\":null,\"subtitles\":{\"path\":\"" + clips +
                "/c03.srt\",\"source\":\"sidecar\"}}");
  Batch({clips, "--shard", "1/2"});
  const std::string before = Results();
  const Outcome rest = Batch({clips, "--dry-run"});
  EXPECT_EQ(LinesOf(rest.out).size(), 4 - LinesOf(before).size());
  EXPECT_EQ(Results(), before);
}

TEST_F(BatchProgramTest, AListIsAManifestWithTheMarksOfTheResults) {
  const std::string clips = Clips(4);
  const Outcome list = RunProgram({"batch", clips, "--list", "--model", kTiny});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_EQ(list.err, "");
  const std::vector<std::string> listed = LinesOf(list.out);
  ASSERT_EQ(listed.size(), 4u);
  Batch({Write("m.jsonl", list.out)});
  const std::vector<json> results = Lines();
  ASSERT_EQ(results.size(), 4u);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(json::parse(listed[i]),
              json({{"video", results[i]["video"]["path"]},
                    {"item", results[i]["item"]},
                    {"key", results[i]["key"]}}));
  }
  // What is done is listed, too.
  EXPECT_EQ(Batch({clips, "--list"}).out, list.out);
  // A name that JSON cannot hold.
  fs::copy(clips + "/c00.mp4", clips + "/\xFF.mp4");
  const Outcome some = RunProgram({"batch", clips, "--list", "--model", kTiny});
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_EQ(some.out, list.out);
  EXPECT_EQ(some.err,
            "vsa: " + clips +
                "/\xFF.mp4: it, its subtitles or its id is not UTF-8, "
                "which a list in JSON must be; expected other names\n");
}

TEST_F(BatchProgramTest, ADryRunNamesTheTrackInsideAVideo) {
  const std::string clips = Clips(2);
  const std::string text =
      Write("t.srt", "1\n00:00:00,000 --> 00:00:00,400\nI love it.\n");
  const std::string video = clips + "/c00.mp4";
  const std::string with_track = clips + "/d.mp4";
  ASSERT_EQ(
      std::system(("ffmpeg -v error -i " + video + " -i " + text +
                   " -map 0:v -map 1 -c:v copy -c:s mov_text " + with_track)
                      .c_str()),
      0);
  const Outcome outcome =
      RunProgram({"batch", clips, "--dry-run", "--model", kTiny});
  EXPECT_EQ(outcome.exit_code, 0);
  ASSERT_EQ(LinesOf(outcome.out).size(), 3u);
  EXPECT_EQ(LinesOf(outcome.out)[0],
            "{\"video\":\"" + video +
                "\",\"id\":null,\"subtitles\":{\"path\":null,\"source\":"
                "\"none\"}}");
  EXPECT_EQ(LinesOf(outcome.out)[2],
            "{\"video\":\"" + with_track +
                "\",\"id\":null,\"subtitles\":{\"path\":\"" + with_track +
                "\",\"source\":\"embedded\",\"track\":1}}");
  Batch({clips});
  EXPECT_EQ(Lines()[2]["subtitles"]["source"], "embedded");
}

TEST_F(BatchProgramTest, ADanmakuSidecarIsPartOfItsItem) {
  const std::string clips = Clips(2);
  const std::string danmaku =
      Write("clips/c00.xml", "<i><d p=\"0.1,1,25\">I love it!</d></i>");
  Batch({clips});
  EXPECT_EQ(Lines()[0]["audience"]["comments"], 1);
  EXPECT_FALSE(Lines()[1].contains("audience"));
  EXPECT_EQ(Batch({clips}).err, "vsa: 0 computed, 2 kept, 0 failed\n");
  const std::string more =
      "<i><d p=\"0.1,1,25\">I love it!</d><d p=\"0.2,1,25\">So do I.</d></i>";
  Write("clips/c00.xml", more);
  EXPECT_EQ(Batch({clips}).err, "vsa: 1 computed, 1 kept, 0 failed\n");
  EXPECT_EQ(Lines()[0]["audience"]["comments"], 2);

  const Outcome refused = RunProgram(
      {"batch", clips, "--output", danmaku, "--force", "--model", kTiny});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(
      refused.err,
      "vsa: " + danmaku + ": is an input; the output must be another file\n");
  EXPECT_EQ(Contents(danmaku), more);
}

TEST_F(BatchProgramTest, NothingRunsWhenSomethingIsWrong) {
  const std::string clips = Clips(1);
  const auto expect = [&](const Outcome& outcome, int exit_code,
                          const std::string& message) {
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_EQ(outcome.err, "vsa: " + message + "\n");
    EXPECT_EQ(outcome.out, "");
  };
  expect(Batch({clips, clips + "/gone.mp4"}), 2,
         clips +
             "/gone.mp4: no such file; expected a video, a folder, a manifest "
             "or a pattern that matches some");
  const std::string manifest = Write("m.csv", "path\n" + clips + "\n");
  expect(
      Batch({clips, manifest}), 2,
      manifest + ":1: has no column video; expected one, named in this line");
  EXPECT_EQ(Batch({clips, "--encoding", "klingon"}).exit_code, 2);
  expect(RunProgram(
             {"batch", clips, "--output", output_, "--model", "/no/bundle"}),
         3, "/no/bundle: is not a folder; expected a model bundle");
  EXPECT_FALSE(fs::exists(output_));

  expect(
      RunProgram({"batch", manifest, "--output", manifest, "--model", kTiny}),
      3, manifest + ": is an input; the output must be another file");
  const std::string video = clips + "/c00.mp4";
  expect(RunProgram(
             {"batch", clips, "--output", video, "--force", "--model", kTiny}),
         3, video + ": is an input; the output must be another file");
  expect(RunProgram({"batch", clips, "--output", clips, "--model", kTiny}), 3,
         clips + ": is a folder; expected the name of a file to write");
  Write("r.jsonl", "mine\n");
  expect(Batch({clips}), 3,
         output_ +
             ":1: is no result of vsa, so this is no file of vsa batch; use "
             "--force to replace it");
  EXPECT_EQ(Results(), "mine\n");
  EXPECT_EQ(Batch({clips, "--force"}).exit_code, 0);
  EXPECT_EQ(Names(), std::vector<std::string>{"c00.mp4"});
}

TEST_F(BatchProgramTest, AModelThatCannotBeLoadedEndsTheRunBeforeAnyItem) {
  const std::string clips = Clips(2);
  fs::copy(kTiny, folder_ / "bundle");
  const std::string vocabulary = (folder_ / "bundle/vocab.txt").string();
  std::ofstream(vocabulary, std::ios::app) << "x\n";
  const Outcome outcome =
      RunProgram({"batch", clips, "--output", output_, "--model",
                  (folder_ / "bundle").string()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr(vocabulary));
  EXPECT_FALSE(fs::exists(output_));
}

// A part is loaded when it is first needed: here for the second video's words.
TEST_F(BatchProgramTest, APartThatCannotBeLoadedEndsTheRunAndKeepsWhatWasDone) {
  const std::string clip = Clips(1) + "/c00.mp4";
  fs::copy(kTiny, folder_ / "bundle");
  std::string text = Contents(folder_ / "bundle/text.pt");
  text[text.size() / 2] ^= 1;
  Write("bundle/text.pt", text);
  fs::create_directory(folder_ / "mixed");
  fs::copy(clip, folder_ / "mixed/a.mp4");
  fs::copy(clip, folder_ / "mixed/b.mp4");
  fs::copy(clip, folder_ / "mixed/c.mp4");
  Write("mixed/b.srt", "1\n00:00:00,000 --> 00:00:01,000\nGood.\n");
  const Outcome outcome = RunProgram(
      {"batch", (folder_ / "mixed").string(), "--output", output_, "--jobs",
       "1", "--quiet", "--model", (folder_ / "bundle").string()});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err,
              MatchesRegex("vsa: .*/bundle/text.pt: is not the file that "
                           "model.json names: its SHA-256 is .*, expected "
                           ".*\n"));
  EXPECT_EQ(Names(), std::vector<std::string>{"a.mp4"});
}

TEST_F(BatchProgramTest, ASignalLetsRunningItemsFinish) {
  const std::string clips = Clips(12);
  RunningProgram program(Arguments({clips, "--jobs", "1", "--fps", "100"}));
  AwaitLines(1, &program);
  program.Signal(SIGTERM);
  const Outcome outcome = program.Wait();
  EXPECT_EQ(outcome.exit_code, 130);
  const std::size_t done = LinesOf(Results()).size();
  EXPECT_EQ(outcome.err, "vsa: " + std::to_string(done) +
                             " computed, 0 kept, 0 failed, " +
                             std::to_string(12 - done) + " left\n");
  EXPECT_EQ(Batch({clips, "--fps", "100"}).err,
            "vsa: " + std::to_string(12 - done) + " computed, " +
                std::to_string(done) + " kept, 0 failed\n");
}

TEST_F(BatchProgramTest, ASecondSignalEndsAtOnceAndASecondProcessIsKeptOut) {
  const std::string manifest = ShortAndLong();
  RunningProgram program(Arguments({manifest, "--jobs", "1", "--fps", "100"}));
  AwaitLines(1, &program);
  const Outcome second = Batch({manifest});
  EXPECT_EQ(second.exit_code, 3);
  EXPECT_EQ(second.err, "vsa: " + output_ +
                            ": is in use by another vsa batch; expected to be "
                            "its only writer\n");
  program.Signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_FALSE(program.HasEnded()) << "the long one is still at work";
  program.Signal(SIGINT);
  const Outcome outcome = program.Wait();
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "") << "no time for a summary";
  EXPECT_EQ(LinesOf(Results()).size(), 1u);
  EXPECT_EQ(Batch({manifest}).exit_code, 0) << "the lock is gone";
}

TEST_F(BatchProgramTest, AFileOfResultsThatIsRemovedOrMovedIsMadeAnew) {
  const std::string clips = Clips(6);
  EXPECT_EQ(Batch({clips, "--fps", "100"}).exit_code, 0);
  const std::string whole = Results();
  for (const bool move : {false, true}) {
    fs::remove(output_);
    RunningProgram program(Arguments({clips, "--jobs", "1", "--fps", "100"}));
    AwaitLines(1, &program);
    if (move) {
      fs::rename(output_, folder_ / "moved.jsonl");
    } else {
      fs::remove(output_);
    }
    const Outcome outcome = program.Wait();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "vsa: 6 computed, 0 kept, 0 failed\n");
    EXPECT_EQ(Results(), whole);
  }
}

TEST_F(BatchProgramTest, ResultsWithoutAPlaceAreExitCode3) {
  const std::string clips = Clips(6);
  const fs::path folder = folder_ / "out";
  fs::create_directory(folder);
  output_ = folder / "r.jsonl";
  RunningProgram program(Arguments({clips, "--jobs", "1", "--fps", "100"}));
  AwaitLines(1, &program);
  fs::rename(folder, folder_ / "moved");
  const Outcome outcome = program.Wait();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err, "vsa: " + output_ +
                             ": was removed or moved while it was written, and "
                             "cannot be made again: No such file or directory; "
                             "expected it to stay\n");
}

TEST_F(BatchProgramTest, TheFileOfAnotherRunIsNeverReplaced) {
  const std::string clips = Clips(6);
  RunningProgram first(Arguments({clips, "--jobs", "1", "--fps", "100"}));
  AwaitLines(1, &first);
  const std::string others = LinesOf(Results())[0] + "\n";
  fs::rename(Write("other.jsonl", others), output_);
  const Outcome outcome = first.Wait();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "vsa: " + output_ +
                ": is no longer the file that this run wrote, which was "
                "removed or moved; expected to be its only writer\n");
  EXPECT_EQ(Results(), others);
}

TEST_F(BatchProgramTest, TooFewFilesAreNoFailureOfAVideo) {
  const std::string clips = Clips(2);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const auto expect = [&](rlim_t most, const std::string& missing) {
    rlimit tight = before;
    tight.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &tight);
    const Outcome outcome = Batch({clips, "--jobs", "2"});
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.err,
              "vsa: files cannot be opened: Too many open files; expected "
              "room for " +
                  missing + " more of them (ulimit -n)\n");
    EXPECT_FALSE(fs::exists(output_));
  };
  expect(6, "4");
  if (std::thread::hardware_concurrency() > 1) expect(8, "6");
}

TEST_F(BatchProgramTest, OfALinkThatLeadsNowhereTheTargetIsMade) {
  fs::create_directory(folder_ / "results");
  fs::create_symlink("results/real.jsonl", output_);
  const std::string clips = Clips(2);
  EXPECT_EQ(Batch({clips}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(output_));
  EXPECT_EQ(LinesOf(Contents(folder_ / "results/real.jsonl")).size(), 2u);
  EXPECT_EQ(Batch({clips}).err, "vsa: 0 computed, 2 kept, 0 failed\n");
}

TEST_F(BatchProgramTest, APipeOrDeviceIsWrittenAndNeverReplaced) {
  const std::string clips = Clips(2);
  ASSERT_EQ(mkfifo(output_.c_str(), 0600), 0);
  const int pipe = open(output_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  const Outcome outcome = Batch({clips});
  std::string bytes(1 << 20, '\0');
  const ssize_t size = read(pipe, bytes.data(), bytes.size());
  close(pipe);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "vsa: 2 computed, 0 kept, 0 failed\n");
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  EXPECT_EQ(LinesOf(bytes).size(), 2u);
  for (const std::string& line : LinesOf(bytes))
    EXPECT_EQ(FaultOfResult(line + "\n"), "");
  EXPECT_TRUE(fs::is_fifo(output_));
  EXPECT_EQ(LinesOf(Batch({clips, "--dry-run"}).out).size(), 2u);

  output_ = "/dev/null";
  EXPECT_EQ(Batch({clips}).exit_code, 0);
  EXPECT_TRUE(fs::is_character_file(output_));
  output_ = "/dev/full";
  const Outcome full = Batch({clips});
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_EQ(full.err,
            "vsa: /dev/full: cannot be written: No space left on device\n");
}

TEST_F(BatchProgramTest, OutputsMayHaveTheLongestNames) {
  const std::string clips = Clips(2);
  const auto path = [&](std::size_t size) {
    return (folder_ / std::string(size, 'x')).string();
  };
  // In another order than they finish, so that it is renamed.
  EXPECT_EQ(Batch({clips + "/c01.mp4"}).exit_code, 0);
  for (const std::size_t size : {250, 255}) {
    fs::copy(output_, path(size));
    const Outcome batch = RunProgram({"batch", clips, "--output", path(size),
                                      "--model", kTiny, "--jobs", "1"});
    EXPECT_EQ(batch.exit_code, 0) << batch.err;
    EXPECT_EQ(LinesOf(Contents(path(size))).size(), 2u);
    fs::remove(path(size));
    const Outcome classify =
        RunProgram({"classify", clips + "/c00.mp4", "--output", path(size),
                    "--model", kTiny});
    EXPECT_EQ(classify.exit_code, 0) << classify.err;
    const Outcome report = RunProgram(
        {"report", path(size), "--output", path(size - 1), "--force"});
    EXPECT_EQ(report.exit_code, 0) << report.err;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 4)
        << "nothing else is left";
    fs::remove(path(size));
    fs::remove(path(size - 1));
  }
  // Told before any work.
  const Outcome refused = RunProgram({"classify", clips + "/c00.mp4",
                                      "--output", path(256), "--model", kTiny});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_EQ(refused.err,
            "vsa: " + path(256) + ": cannot be written: File name too long\n");
  EXPECT_EQ(refused.out, "");
}

TEST_F(BatchProgramTest, AFullDiskIsExitCode3AndTheFileResumes) {
  const std::string clips = Clips(6);
  EXPECT_EQ(Batch({clips}).exit_code, 0);
  const std::string whole = Results();
  fs::remove(output_);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit tight = before;
  tight.rlim_cur = whole.size() / 2;
  setrlimit(RLIMIT_FSIZE, &tight);
  const Outcome full = Batch({clips});
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_EQ(full.err,
            "vsa: " + output_ + ": cannot be written: File too large\n");
  const std::size_t done = LinesOf(Results()).size();
  EXPECT_GT(done, 0u);
  EXPECT_EQ(Results().back(), '\n');
  EXPECT_EQ(Batch({clips}).err, "vsa: " + std::to_string(6 - done) +
                                    " computed, " + std::to_string(done) +
                                    " kept, 0 failed\n");
  EXPECT_EQ(Results(), whole);
}

TEST_F(BatchProgramTest, SurvivesThirtyKillsAndComputesNothingTwice) {
  constexpr int kClips = 24;
  const std::string clips = Clips(kClips);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Batch({clips}).exit_code, 0);
  const std::chrono::duration<double> whole_run =
      std::chrono::steady_clock::now() - start;
  const std::string expected = Results();
  ASSERT_EQ(LinesOf(expected).size(), kClips + 0u);

  std::mt19937 random(10);
  const auto up_to = [&](double most) {
    return std::uniform_real_distribution<>(0, most)(random);
  };
  int in_work = 0;
  for (int kills = 0; kills < 30;) {
    std::vector<std::string> before = LinesOf(Results());
    if (before.size() == kClips) {
      fs::remove(output_);
      before.clear();
    }
    RunningProgram program(Arguments({clips}));
    // Half of them at any moment, half while items are in work.
    if (kills % 2 == 0) {
      std::this_thread::sleep_for(whole_run * up_to(1));
    } else {
      AwaitLines(before.size() + 1 + static_cast<std::size_t>(up_to(3)),
                 &program);
      std::this_thread::sleep_for(std::chrono::duration<double>(up_to(0.02)));
    }
    program.Signal(SIGKILL);
    const Outcome outcome = program.Wait();
    const std::vector<std::string> after = LinesOf(Results());
    if (outcome.exit_code == 0) {  // it was faster
      EXPECT_EQ(outcome.err, "vsa: " + std::to_string(kClips - before.size()) +
                                 " computed, " + std::to_string(before.size()) +
                                 " kept, 0 failed\n");
      EXPECT_EQ(Results(), expected);
      continue;
    }
    ASSERT_EQ(outcome.exit_code, 128 + SIGKILL);
    ++kills;
    if (after.size() > before.size()) ++in_work;
    std::set<std::string> items;
    for (const std::string& line : after)
      EXPECT_TRUE(items.insert(json::parse(line)["item"]).second)
          << "computed twice: " << line;
    for (const std::string& line : before)
      EXPECT_EQ(std::count(after.begin(), after.end(), line), 1)
          << "lost: " << line;
  }
  EXPECT_GT(in_work, 5) << "the kills must meet items in work";
  const std::size_t done = LinesOf(Results()).size();
  EXPECT_EQ(Batch({clips}).err, "vsa: " + std::to_string(kClips - done) +
                                    " computed, " + std::to_string(done) +
                                    " kept, 0 failed\n");
  EXPECT_EQ(Results(), expected);
}

}  // namespace
}  // namespace vsa
