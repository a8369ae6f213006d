// Where `vsa classify` and `vsa inspect` find words beside subtitle files of
// the usual kinds: text tracks, other formats, and the audience's comments.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kVideo = kRoot + "/tests/data/videos/mdn_stream-of-water.mp4";
const std::string kSaid = "1\n00:00:00,500 --> 00:00:02,000\n";
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";

class TextSources : public TemporaryFolder {
 protected:
  static Outcome Classify(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "classify");
    arguments.insert(arguments.end(), {"--model", kTiny, "--fps", "0.5"});
    return RunProgram(arguments);
  }

  static json Success(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    return json::parse(outcome.out, nullptr, false);
  }

  // The video with a text track for each of `texts`, by ffmpeg with the options
  // `more`.
  std::string Mux(const std::string& name, const std::string& codec,
                  const std::vector<std::string>& texts,
                  const std::string& more) {
    const std::string path = (folder_ / name).string();
    std::string command = "ffmpeg -v error -y -i " + kVideo;
    std::string maps = " -map 0:v";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      command += " -f srt -i " + Write(number + ".srt_", texts[i]);
      maps += " -map " + number;
    }
    const bool webm = fs::path(name).extension() == ".webm";
    command += maps + " -c:v " +
               (webm ? "libvpx -deadline realtime -s 96x72" : "copy") +
               " -c:s " + codec + " " + more + " " + path;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }

  // The video with German, English and forced French text tracks in `codec`.
  std::string WithTracks(const std::string& name, const std::string& codec) {
    const std::string block = "1\n00:00:00,500 --> 00:00:02,000\n";
    return Mux(name, codec,
               {block + "Guten <i>Tag</i>.\n",
                block + "Good <i>day</i> & bye.\n", block + "Bonjour.\n"},
               "-metadata:s:s:0 language=ger -metadata:s:s:1 language=eng"
               " -metadata:s:s:2 language=fre -disposition:s:2 forced");
  }

  static std::string TextOf(const json& result) {
    std::string text;
    for (const json& segment : result["segments"])
      text += segment["text"].get<std::string>();
    return text;
  }
};

TEST_F(TextSources, ATrackInALanguageOfTheBundleIsUsedWhereNoFileIs) {
  const struct {
    const char* name;
    const char* codec;
    const char* format;
  } kCases[] = {{"a.mp4", "mov_text", "mov_text"},
                {"a.mkv", "srt", "srt"},
                {"b.mkv", "ass", "ass"},
                {"c.mkv", "webvtt", "vtt"},
                {"c.webm", "webvtt", "vtt"}};
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const std::string video = WithTracks(one.name, one.codec);
    const json english = Success(Classify({video}));
    EXPECT_EQ(english["subtitles"], json({{"path", video},
                                          {"source", "embedded"},
                                          {"format", one.format},
                                          {"encoding", "UTF-8"},
                                          {"cues", 1},
                                          {"track", 2},
                                          {"language", "eng"}}));
    EXPECT_EQ(TextOf(english), "Good day & bye.");
    EXPECT_EQ(english["warnings"], json::array());
    EXPECT_EQ(TextOf(Success(Classify({video, "--track", "de"}))),
              "Guten Tag.");
    EXPECT_EQ(TextOf(Success(Classify({video, "--track", "3"}))), "Bonjour.");
    EXPECT_EQ(TextOf(Success(Classify({video, "--no-subs"}))), "");
  }
}

TEST_F(TextSources, OfSeveralTracksTheBestOneWithWordsIsUsed) {
  const std::string said = "1\n00:00:00,500 --> 00:00:02,000\n";
  const auto track_of = [&](const std::string& name, const std::string& more,
                            const std::string& second) {
    const json result = Success(Classify({Mux(
        name, "srt", {said + "One.\n", second, said + "Three.\n"}, more)}));
    return std::pair(result["subtitles"].value("track", -1),
                     result["warnings"]);
  };
  const json none = json::array();
  const std::string two = said + "Two.\n";
  EXPECT_EQ(track_of("first.mkv", "", two), std::pair(1, none));
  EXPECT_EQ(track_of("default.mkv",
                     "-disposition:s:0 0 -disposition:s:1 default", two),
            std::pair(2, none));
  EXPECT_EQ(
      track_of("empty.mkv", "-disposition:s:0 0 -disposition:s:1 default", ""),
      std::pair(1, none));
  EXPECT_EQ(
      track_of("language.mkv",
               "-disposition:s:0 default -metadata:s:s:2 language=en", two),
      std::pair(3, none));
  const auto [track, warnings] =
      track_of("other.mkv",
               "-metadata:s:s:0 language=ger -metadata:s:s:1 language=ger "
               "-metadata:s:s:2 language=ger",
               two);
  EXPECT_EQ(track, 1);
  EXPECT_EQ(warnings,
            json::array({{{"code", "subtitle_language"},
                          {"message", (folder_ / "other.mkv").string() +
                                          ": track 1: is in ger, which is "
                                          "not a language of the model"}}}));
}

TEST_F(TextSources, AForcedTrackIsUsedWhereNothingElseHasWords) {
  const std::string video =
      Mux("a.mkv", "srt", {"", "1\n00:00:00,500 --> 00:00:02,000\nSaid.\n"},
          "-disposition:s:1 forced");
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["subtitles"]["track"], 2);
  EXPECT_EQ(
      result["warnings"],
      json::array({{{"code", "track_unusable"},
                    {"message", video + ": track 1: holds no cue with words"}},
                   {{"code", "subtitle_forced"},
                    {"message",
                     video + ": track 2: is forced: it holds only what another "
                             "language in the video needs"}}}));
  const json empty = Success(Classify({video, "--track", "1"}));
  EXPECT_EQ(empty["subtitles"]["source"], "embedded");
  EXPECT_EQ(empty["subtitles"]["cues"], 0);
  EXPECT_EQ(empty["warnings"][0]["message"],
            video + ": track 1: holds no cue with words");
}

TEST_F(TextSources, WebVttInMp4IsRead) {
  // No encoder makes it: the samples of a mov_text track, as long as its boxes,
  // are replaced by them.
  const auto box = [](const std::string& type, const std::string& content) {
    return std::string{'\0', '\0', '\0',
                       static_cast<char>(8 + content.size())} +
           type + content;
  };
  const auto cue = [&](const std::string& text) {
    return box("vttc", box("payl", text));
  };
  const std::vector<std::string> samples = {
      cue("<v Ann>Good day."), cue("<v Ann>Good day.") + cue("And you?"),
      box("vtte", "")};
  std::string srt;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    srt += std::to_string(i) + "\n00:00:0" + std::to_string(i + 1) +
           ",000 --> 00:00:0" + std::to_string(i + 2) + ",000\n" +
           std::string(samples[i].size() - 2, static_cast<char>('A' + i)) +
           "\n\n";
  }
  std::string bytes = Contents(Mux("a.mp4", "mov_text", {srt}, ""));
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = bytes.rfind(from);
    ASSERT_NE(at, bytes.npos) << from;
    bytes.replace(at, to.size(), to);
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t length = samples[i].size() - 2;
    replace(std::string{'\0', static_cast<char>(length)} +
                std::string(length, static_cast<char>('A' + i)),
            samples[i]);
  }
  replace("tx3g", "wvtt");
  const std::string video = Write("b.mp4", bytes);
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["subtitles"]["source"], "embedded");
  EXPECT_EQ(result["subtitles"]["format"], "vtt");
  EXPECT_EQ(result["subtitles"]["cues"], 2);
  EXPECT_EQ(TextOf(result), "Good day.And you?");
  EXPECT_EQ(result["warnings"], json::array());
  const json inspected =
      json::parse(RunProgram({"inspect", video, "--model", kTiny}).out);
  EXPECT_EQ(inspected["tracks"][0]["codec"], "webvtt");
}

TEST_F(TextSources, InspectListsTracksOfSoundAndWhichIsHeard) {
  const std::string video = (folder_ / "a.mkv").string();
  ASSERT_EQ(
      std::system(("ffmpeg -v error -f lavfi -i sine=d=1:r=16000 -f lavfi -i "
                   "anullsrc=d=1:r=48000:cl=stereo -map 0 -map 1 -t 1 -c:a "
                   "flac -metadata:s:a:0 title=Described "
                   "-metadata:s:a:1 language=eng -disposition:a:0 "
                   "default+visual_impaired -disposition:a:1 0 " +
                   video)
                      .c_str()),
      0);
  const json inspected =
      json::parse(RunProgram({"inspect", video, "--model", kTiny}).out);
  EXPECT_EQ(inspected["audio"], json::parse(R"([
    {"index": 0, "codec": "flac", "language": null, "title": "Described",
     "default": true, "channels": 1, "sample_rate": 16000, "heard": false},
    {"index": 1, "codec": "flac", "language": "eng", "title": null,
     "default": false, "channels": 2, "sample_rate": 48000, "heard": true}])"));
}

TEST_F(TextSources, ATrackThatCannotBeReadIsListedAndSaid) {
  const std::string video =
      Mux("a.mp4", "ttml", {"1\n00:00:00,500 --> 00:00:02,000\nSaid.\n"}, "");
  const std::string fault =
      video +
      ": track 1 is ttml, pictures of text or of a kind that cannot be read; "
      "expected mov_text, SubRip, ASS, WebVTT or CEA-608";
  const json inspected =
      json::parse(RunProgram({"inspect", video, "--model", kTiny}).out);
  ASSERT_EQ(inspected["tracks"].size(), 1u);
  EXPECT_EQ(inspected["tracks"][0]["codec"], "ttml");
  EXPECT_EQ(inspected["tracks"][0]["text"], false);
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["warnings"],
            json::array({{{"code", "track_unusable"}, {"message", fault}}}));
  const Outcome asked = Classify({video, "--track", "1"});
  EXPECT_EQ(asked.exit_code, 1);
  EXPECT_EQ(asked.err, "vsa: " + fault + "\n");
}

TEST_F(TextSources, AFileGoesBeforeATrackUnlessOneIsAskedFor) {
  const std::string video = WithTracks("a.mkv", "srt");
  Write("a.sbv", "0:00:00.500,0:00:01.500\nFrom the file.\n");
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["subtitles"]["source"], "sidecar");
  EXPECT_EQ(result["subtitles"]["format"], "sbv");
  EXPECT_EQ(TextOf(result), "From the file.");
  EXPECT_EQ(TextOf(Success(Classify({video, "--track", "eng"}))),
            "Good day & bye.");
}

TEST_F(TextSources, ATrackThatIsNotThereIsOneLine) {
  const std::string video = WithTracks("a.mkv", "srt");
  const Outcome outcome = Classify({video, "--track", "ja"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "vsa: " + video +
                ": has no text track ja; expected one of its tracks 1 (subrip, "
                "ger), 2 (subrip, eng), 3 (subrip, fre)\n");
  EXPECT_EQ(
      Classify({kVideo, "--track", "1"}).err,
      "vsa: " + kVideo + ": has no text track 1; expected a video with one\n");
  EXPECT_EQ(Classify({video, "--track", "1", "--no-subs"}).exit_code, 2);
}

TEST_F(TextSources, InspectListsTracksAndNamesTheOneThatIsUsed) {
  const std::string video = WithTracks("a.mkv", "srt");
  const json inspected =
      json::parse(RunProgram({"inspect", video, "--model", kTiny}).out);
  ASSERT_EQ(inspected["tracks"].size(), 3u);
  EXPECT_EQ(inspected["tracks"][2], json({{"index", 3},
                                          {"codec", "subrip"},
                                          {"language", "fre"},
                                          {"title", nullptr},
                                          {"default", false},
                                          {"forced", true},
                                          {"comment", false},
                                          {"text", true}}));
  EXPECT_EQ(inspected["subtitles"], json({{"source", "embedded"},
                                          {"path", video},
                                          {"track", 2},
                                          {"cues", 1}}));
  EXPECT_EQ(inspected["sidecar"], nullptr);
}

TEST_F(TextSources, InspectSaysWhyACandidateIsNotTaken) {
  const std::string video = WithTracks("a.mkv", "srt");
  Write("a.srt", "no subtitles");
  const std::string forced = Write("a.forced.srt", kSaid + "Bonjour.\n");
  const json inspected =
      json::parse(RunProgram({"inspect", video, "--model", kTiny}).out);
  std::vector<std::tuple<std::string, json, bool, json>> found;
  for (const json& one : inspected["candidates"])
    found.emplace_back(fs::path(one["path"]).filename(), one["track"],
                       one["taken"], one["why"]);
  const json later = "one before it is taken";
  ASSERT_EQ(found.size(), 5u);
  EXPECT_THAT(std::get<3>(found[0]).get<std::string>(),
              testing::HasSubstr("/a.srt: not SubRip, WebVTT"));
  found.erase(found.begin());
  EXPECT_THAT(found, testing::ElementsAre(
                         std::tuple("a.mkv", 2, true, json()),
                         std::tuple("a.mkv", 1, false, later),
                         std::tuple("a.forced.srt", json(), false, later),
                         std::tuple("a.mkv", 3, false, later)));
}

TEST_F(TextSources, InspectTellsSubtitlesFromVideosByTheirName) {
  const std::string mcc = Write("a.mcc", "File Format=MacCaption_MCC V1.0\n");
  const Outcome outcome = RunProgram({"inspect", mcc, "--model", kTiny});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(json::parse(outcome.out)["kind"], "subtitles");
  EXPECT_THAT(outcome.err,
              testing::StartsWith("vsa: " + mcc + ": is MacCaption (MCC), "));
}

TEST_F(TextSources, InspectShowsTheCommentsOfDanmaku) {
  const std::string folder = kRoot + "/tests/data/danmaku/";
  for (const char* name : {"ok_bilibili_gzip.xml", "ok_acfun.json"}) {
    const Outcome outcome =
        RunProgram({"inspect", folder + name, "--model", kTiny});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const json inspected = json::parse(outcome.out);
    EXPECT_EQ(inspected["kind"], "danmaku");
    EXPECT_EQ(inspected["encoding"], "UTF-8");
    EXPECT_EQ(inspected["comments"],
              json::parse(R"([{"time": 0.5, "text": "I love it"},
                              {"time": 2.5, "text": "so bad"}])"));
    EXPECT_EQ(inspected["warnings"], json::array());
  }
  const std::string cut = folder + "fail_cut.json";
  const Outcome outcome = RunProgram({"inspect", cut, "--model", kTiny});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "vsa: " + cut +
                ": is danmaku, but damaged or cut short; expected JSON\n");
}

// A sample of ATSC A/53 part 4, with pictures out of order, made of the
// captions of ok_scc_pop_on.scc.
TEST_F(TextSources, CaptionsInThePicturesAreATrack) {
  const std::string sample =
      kRoot + "/tests/data/videos/captions_in_pictures.mp4";
  const std::string stream = (folder_ / "a.ts").string();
  ASSERT_EQ(
      std::system(
          ("ffmpeg -v error -i " + sample + " -c copy " + stream).c_str()),
      0);
  for (const std::string& video : {sample, stream}) {
    const json result = Success(Classify({video}));
    EXPECT_EQ(result["subtitles"]["source"], "embedded");
    EXPECT_EQ(result["subtitles"]["format"], "cea608");
    EXPECT_EQ(TextOf(result),
              "I love this film, and so do you.The CAFÉ séance. la laSad to "
              "say.");
    EXPECT_NEAR(result["segments"][1]["start"], 1.8, .1);
    EXPECT_NEAR(result["segments"][1]["end"], 4, .1);
  }
  std::string bytes = Contents(sample);
  const std::string captions = "GA94\x03";
  for (std::size_t at = 0; (at = bytes.find(captions, at)) != bytes.npos;) {
    at += captions.size();
    bytes[at + 2] = '\xFF';  // valid, of CEA-708
  }
  const std::string other = Write("b.mp4", bytes);
  EXPECT_EQ(
      Success(Classify({other}))["warnings"],
      json::array({{{"code", "track_unusable"},
                    {"message", other + ": track 0 has captions of CEA-708 "
                                        "alone, which are not read; expected "
                                        "CEA-608"}}}));
}

// What inspect says of subtitles, in the form of the files "*.expected".
std::string Described(const json& inspected) {
  std::string out =
      "format " + inspected.value("format", inspected.dump()) + "\n";
  for (const json& cue : inspected["cues"]) {
    char times[64];
    std::snprintf(times, sizeof times, "%.3f %.3f ", cue["start"].get<double>(),
                  cue["end"].get<double>());
    out += times + cue["text"].get<std::string>() + "\n";
  }
  for (const json& warning : inspected["warnings"]) {
    std::string message = warning["message"];
    message.erase(0, message.rfind('/') + 1);
    out +=
        "warning " + warning["code"].get<std::string>() + " " + message + "\n";
  }
  return out;
}

// The samples follow CEA-608 and the published description of SCC: captions
// that pop on, roll up and are painted on, two channels, drop-frame time code.
TEST_F(TextSources, SccIsReadAsExpected) {
  int samples = 0;
  for (const auto& file :
       fs::directory_iterator(kRoot + "/tests/data/subtitles")) {
    if (file.path().extension() != ".scc") continue;
    const Outcome outcome =
        RunProgram({"inspect", file.path(), "--model", kTiny});
    std::ifstream expected(file.path().string() + ".expected");
    EXPECT_EQ(Described(json::parse(outcome.out)),
              std::string(std::istreambuf_iterator<char>(expected), {}))
        << file.path();
    ++samples;
  }
  EXPECT_EQ(samples, 8);
}

TEST_F(TextSources, SccIsASidecarOfLastResort) {
  const std::string video = (folder_ / "a.mp4").string();
  fs::copy(kVideo, video);
  fs::copy(kRoot + "/tests/data/subtitles/ok_scc_pop_on.scc",
           folder_ / "a.scc");
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["subtitles"]["source"], "sidecar");
  EXPECT_EQ(result["subtitles"]["format"], "scc");
  const Outcome plan = RunProgram(
      {"batch", video, "--output", "x.jsonl", "--dry-run", "--model", kTiny});
  EXPECT_EQ(json::parse(plan.out)["subtitles"]["source"], "sidecar");
  Write("a.ttml", "<tt><body><p begin='1s' end='2s'>Said.</p></body></tt>");
  EXPECT_EQ(TextOf(Success(Classify({video}))), "Said.");
}

// A track of QuickTime; ffmpeg leaves its last packet out.
TEST_F(TextSources, CaptionsInATrackAreDecoded) {
  const std::string video = (folder_ / "a.mov").string();
  const std::string command =
      "ffmpeg -v error -y -f lavfi -i color=s=64x48:r=5:d=12 -i " + kRoot +
      "/tests/data/subtitles/ok_scc_pop_on.scc -c:s copy " + video;
  ASSERT_EQ(std::system(command.c_str()), 0);
  const json result = Success(Classify({video}));
  EXPECT_EQ(result["subtitles"]["source"], "embedded");
  EXPECT_EQ(result["subtitles"]["format"], "cea608");
  EXPECT_THAT(TextOf(result),
              testing::StartsWith("I love this film, and so do you."));
}

TEST_F(TextSources, EbuStlIsRead) {
  const json result = Success(Classify(
      {kVideo, "--subs", kRoot + "/tests/data/subtitles/ok_ebu_stl.stl"}));
  EXPECT_EQ(result["subtitles"]["format"], "ebu_stl");
  EXPECT_EQ(result["subtitles"]["encoding"], "ISO_6937");
  EXPECT_EQ(result["subtitles"]["cues"], 3);
}

// A file of forced captions says little of what is said.
TEST_F(TextSources, TheVideosOwnTrackComesBeforeAForcedFile) {
  const std::string video = WithTracks("a.mkv", "srt");
  Write("a.en.forced.srt", kSaid + "Forced.\n");
  EXPECT_EQ(TextOf(Success(Classify({video}))), "Good day & bye.");
  const Outcome plan = RunProgram(
      {"batch", video, "--output", "x.jsonl", "--dry-run", "--model", kTiny});
  EXPECT_EQ(json::parse(plan.out)["subtitles"]["track"], 2) << plan.out;
}

TEST_F(TextSources, CommentsComeAfterWhatIsSaid) {
  const std::string flagged =
      Mux("a.mkv", "srt", {kSaid + "Comment.\n", kSaid + "Said.\n"},
          "-disposition:s:0 default+comment -metadata:s:s:0 language=eng "
          "-metadata:s:s:1 language=ger");
  EXPECT_EQ(TextOf(Success(Classify({flagged}))), "Said.");
  const std::string titled =
      Mux("b.mkv", "srt", {kSaid + "Forced.\n", kSaid + "Said.\n"},
          "-metadata:s:s:0 title='English (Forced)' "
          "-metadata:s:s:0 language=eng -metadata:s:s:1 language=eng");
  EXPECT_EQ(TextOf(Success(Classify({titled}))), "Said.");
  EXPECT_EQ(TextOf(Success(Classify({titled, "--track", "en"}))), "Said.");
  EXPECT_EQ(TextOf(Success(Classify({titled, "--track", "1"}))), "Forced.");
}

TEST_F(TextSources, TracksAreDecodedAsFilesAre) {
  const std::string video = Mux("a.mkv", "srt", {kSaid + "X don't.\n"}, "");
  std::string bytes = Contents(video);
  const std::size_t at = bytes.find("X don't");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 7, "d\xE9j\xE0 vu");
  Write("a.mkv", bytes);
  const json detected = Success(Classify({video}));
  EXPECT_EQ(TextOf(detected), "déjà vu.");
  EXPECT_EQ(detected["subtitles"]["encoding"], "windows-1252");
  const json asked = Success(Classify({video, "--encoding", "windows-1251"}));
  EXPECT_EQ(TextOf(asked), "dйjа vu.");
  EXPECT_EQ(asked["subtitles"]["encoding"], "windows-1251");
}

TEST_F(TextSources, LanguageChoosesAmongTracksAndSidecars) {
  const std::string video = WithTracks("a.mkv", "srt");
  const json track = Success(Classify({video, "--language", "de"}));
  EXPECT_EQ(TextOf(track), "Guten Tag.");
  EXPECT_EQ(track["warnings"], json::array());
  Write("a.en.srt", kSaid + "English file.\n");
  Write("a.pt-BR.srt", kSaid + "Bom dia.\n");
  EXPECT_EQ(TextOf(Success(Classify({video, "--language", "pt"}))), "Bom dia.");
  const json other = Success(Classify({video, "--language", "it"}));
  EXPECT_EQ(TextOf(other), "English file.");
  EXPECT_EQ(other["warnings"][0]["message"],
            (folder_ / "a.en.srt").string() +
                ": by its name, is not in a language that was asked for");
  const Outcome wrong = Classify({video, "--language", "1"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.err,
            "vsa: --language: 1 is no language; expected a tag such as en or "
            "zh (see vsa --help)\n");
}

// Sound alone is judged by its words, as far as it goes.
TEST_F(TextSources, AFileOfSoundAloneHasSegmentsOfItsWords) {
  const std::string call = (folder_ / "call.mp3").string();
  ASSERT_EQ(
      std::system(
          ("ffmpeg -v error -f lavfi -i sine=440:duration=5 " + call).c_str()),
      0);
  const std::string subs =
      Write("call.srt", kSaid +
                            "Good day.\n\n2\n00:00:03,000 --> 00:10:00,000\n"
                            "Until the end.\n\n3\n00:10:00,000 --> "
                            "00:10:01,000\nNever heard.\n");
  const json result = Success(Classify({call}));
  EXPECT_EQ(result["subtitles"]["path"], subs);
  EXPECT_EQ(result["video"]["width"], nullptr);
  EXPECT_EQ(result["video"]["height"], nullptr);
  EXPECT_EQ(result["video"]["frame_rate"], nullptr);
  EXPECT_EQ(result["video"]["frames_sampled"], 0);
  EXPECT_NEAR(result["video"]["duration"].get<double>(), 5, 0.1);
  ASSERT_EQ(result["segments"].size(), 3u);
  EXPECT_EQ(result["segments"][0]["end"], 2.0);
  EXPECT_EQ(result["segments"][1]["end"], result["video"]["duration"]);
  EXPECT_EQ(result["segments"][2]["start"], 600.0);
  ASSERT_EQ(result["warnings"].size(), 1u);
  EXPECT_EQ(result["warnings"][0]["code"], "cue_after_end");
  EXPECT_EQ(Success(Classify({call, "--no-subs"}))["warnings"][0]["code"],
            "no_evidence");
  const json inspected = json::parse(RunProgram({"inspect", call}).out);
  EXPECT_EQ(inspected["width"], nullptr);
  ASSERT_EQ(inspected["audio"].size(), 1u);
  EXPECT_EQ(inspected["audio"][0]["heard"], true);

  const std::string results = (folder_ / "r.jsonl").string();
  EXPECT_EQ(RunProgram({"batch", folder_.string(), "--audio", "--output",
                        results, "--model", kTiny})
                .exit_code,
            0);
  EXPECT_EQ(
      RunProgram({"report", results, "--output", (folder_ / "r.html").string()})
          .exit_code,
      0);
  const Outcome without = RunProgram(
      {"batch", folder_.string(), "--output", results, "--model", kTiny});
  EXPECT_EQ(without.exit_code, 2) << without.err;
}

// The media end where pictures and sound do, whatever the subtitles say.
TEST_F(TextSources, TheVideoIsAsLongAsItsSound) {
  const std::string subs =
      Write("late.srt", kSaid +
                            "I love it.\n\n2\n00:00:05,000 --> "
                            "00:00:06,000\nAwful.\n");
  const std::string sound = " -f lavfi -i sine=d=9 -map 0:v -map 1 ";
  for (const std::string name : {"a.mp4", "a.mkv", "one.mp4"}) {
    SCOPED_TRACE(name);
    const std::string video = (folder_ / name).string();
    const std::string length = name == "one.mp4" ? "0.03" : "3";
    ASSERT_EQ(std::system(("ffmpeg -v error -y -t " + length + " -i " + kVideo +
                           sound + video)
                              .c_str()),
              0);
    const json alone = Success(Classify({video, "--no-subs"}));
    const json said = Success(Classify({video, "--subs", subs}));
    const json stretch =
        Success(Classify({video, "--no-subs", "--start", "5", "--end", "7"}));
    const json seen = json::parse(RunProgram({"inspect", video}).out);
    for (const json& one :
         {alone["video"], said["video"], stretch["video"], seen}) {
      EXPECT_NEAR(one["duration"].get<double>(), 9, 0.1);
    }
    EXPECT_EQ(alone["video"]["duration"], said["video"]["duration"]);
    EXPECT_EQ(alone["warnings"], json::array());
    EXPECT_EQ(alone["segments"].back()["end"], alone["video"]["duration"]);
    EXPECT_EQ(said["segments"].back()["end"], alone["video"]["duration"]);
    EXPECT_EQ(said["segments"].back()["sentiment"], nullptr);
    EXPECT_EQ(stretch["segments"].size(), 1u);
  }
}

// MP4 fills the gaps between its captions with empty ones.
TEST_F(TextSources, ACaptionWithoutWordsIsNoFaultOfATrack) {
  const std::string whole = Mux("a.mp4", "mov_text",
                                {"1\n00:00:01,500 --> 00:00:01,800\nOne.\n\n"
                                 "2\n00:00:02,200 --> 00:00:02,600\nTwo.\n"},
                                "");
  for (const std::string times : {"", "-copyts "}) {
    const std::string cut = (folder_ / "cut.mp4").string();
    ASSERT_EQ(std::system(("ffmpeg -v error -y -ss 1 -i " + whole +
                           " -map 0 -c copy " + times + cut)
                              .c_str()),
              0);
    const json seen = json::parse(RunProgram({"inspect", cut}).out);
    EXPECT_EQ(seen["subtitles"]["cues"], 2) << times;
    EXPECT_EQ(seen["warnings"], json::array()) << times;
  }
}

// Cues that start behind the end count for nothing; one before it ends there.
TEST_F(TextSources, WordsBehindTheEndDoNotDecide) {
  const std::string good = kSaid + "I love it.\n";
  const auto judge = [&](const std::string& more) {
    return Success(Classify({kVideo, "--subs", Write("a.srt", good + more)}));
  };
  const json alone = judge("");
  const json late = judge("\n2\n00:01:00,000 --> 00:09:59,000\nIt is awful.\n");
  EXPECT_EQ(late["sentiment"], alone["sentiment"]);
  EXPECT_EQ(late["warnings"][0]["code"], "cue_after_end");
  const json across =
      judge("\n2\n00:00:02,500 --> 00:09:59,000\nIt is awful.\n");
  EXPECT_LT(across["segments"].back()["end"], 4.0);
  EXPECT_EQ(across["warnings"], json::array());
}

TEST_F(TextSources, DamagedContainersNeitherCrashNorHang) {
  for (const char* name : {"a.mkv", "a.mp4"}) {
    const std::string whole = Contents(WithTracks(
        name, name[2] == 'm' && name[3] == 'k' ? "srt" : "mov_text"));
    std::mt19937 random(7);
    for (int round = 0; round < 12; ++round) {
      std::string bytes = whole;
      for (int k = 0; k < 40; ++k)
        bytes[random() % (k % 2 == 0 ? bytes.size() : 4000)] =
            static_cast<char>(random());
      if (round % 3 == 0) bytes.resize(random() % bytes.size());
      const std::string video = Write(std::string("damaged_") + name, bytes);
      const Outcome outcome = RunProgram({"inspect", video, "--model", kTiny});
      EXPECT_LE(outcome.exit_code, 1) << outcome.err;
      EXPECT_FALSE(json::parse(outcome.out, nullptr, false).is_discarded());
      EXPECT_LE(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
    }
  }
}

TEST_F(TextSources, PlainTextIsSpreadOverTheVideo) {
  const std::string text = Write("said.txt", "Short.\nA longer line of it.\n");
  const json result = Success(Classify({kVideo, "--subs", text}));
  EXPECT_EQ(result["subtitles"]["format"], "text");
  EXPECT_EQ(result["subtitles"]["cues"], 2);
  EXPECT_EQ(result["segments"].front()["start"], 0);
  ASSERT_EQ(result["warnings"].size(), 1u);
  EXPECT_EQ(result["warnings"][0]["code"], "subtitle_times_guessed");
  EXPECT_THAT(result["warnings"][0]["message"].get<std::string>(),
              testing::MatchesRegex(".*: is text without times; its lines are "
                                    "spread over the .* s of the video by "
                                    "their length"));
}

TEST_F(TextSources, MicroDvdWithoutARateCountsTheVideosFrames) {
  const std::string subs = Write("a.sub", "{10}{40}I love this.\n");
  const json result = Success(Classify({kVideo, "--subs", subs}));
  EXPECT_EQ(result["subtitles"]["format"], "microdvd");
  const double rate = result["video"]["frame_rate"];
  EXPECT_NEAR(result["segments"][0]["end"], 40 / rate, 1e-6);
  EXPECT_EQ(result["warnings"][0]["code"], "subtitle_times_guessed");
  const std::string video = (folder_ / "b.mp4").string();
  fs::create_symlink(kVideo, video);
  const std::string sidecar = Write("b.srt", "{10}{40}I love this.\n");
  EXPECT_EQ(json::parse(RunProgram({"inspect", video}).out)["sidecar"],
            sidecar);
  Write("a.sub", "{1}{1}20\n{10}{40}I love this.\n");
  const json own = Success(Classify({kVideo, "--subs", subs}));
  EXPECT_EQ(own["segments"][0]["end"], 2.0);
  EXPECT_EQ(own["warnings"], json::array());
}

TEST_F(TextSources, AnotherLanguageThanTheModelsIsAWarning) {
  const std::string text = Write(
      "de.srt",
      "1\n00:00:00,000 --> 00:00:04,000\nIch habe dieses Haus immer geliebt, "
      "aber heute möchte ich lieber woanders wohnen.\n");
  const json result = Success(Classify({kVideo, "--subs", text}));
  EXPECT_EQ(
      result["warnings"],
      json::array({{{"code", "text_language"},
                    {"message", text + ": its words are German, which is "
                                       "not a language of the model (en)"}}}));
}

TEST_F(TextSources, TheAudienceIsJudgedApart) {
  const std::string danmaku =
      Write("a.xml",
            "<?xml version=\"1.0\"?><i><d p=\"1.5,1,25\">I love this!</d>"
            "<d p=\"2,1,25\">I love this!</d><d p=\"2.5,5,25\">so &amp; so</d>"
            "<d p=\"1,7,25\">[0,0]</d><d p=\"9999,1,25\">late</d>"
            "<d p=\"soon\">x</d></i>");
  const json result =
      Success(Classify({kVideo, "--no-subs", "--danmaku", danmaku}));
  EXPECT_FALSE(result["modalities"]["text"].get<bool>());
  EXPECT_EQ(TextOf(result), "");
  const json& audience = result["audience"];
  EXPECT_EQ(audience["comments"], 3);
  EXPECT_FALSE(audience["sentiment"].is_null());
  EXPECT_EQ(audience["moments"][0]["comments"], 3);
  EXPECT_EQ(result["warnings"][0]["message"],
            danmaku +
                ":1: 1 comment without a time that can be read; expected <d "
                "p=\"SECONDS,…\">: skipped");
  EXPECT_EQ(
      result["warnings"][1]["message"],
      danmaku + ": 1 comment lies after the end of the pictures: left out");
  // Beside the video, it is found; notes of other programs are not meant.
  fs::copy(kVideo, folder_ / "a.mp4");
  fs::copy(kVideo, folder_ / "b.mp4");
  Write("b.xml", "<movie><title>b</title></movie>");
  EXPECT_EQ(Success(Classify({(folder_ / "a.mp4").string()}))["audience"],
            audience);
  EXPECT_FALSE(
      Success(Classify({(folder_ / "b.mp4").string()})).contains("audience"));
  const std::string notes = (folder_ / "b.xml").string();
  EXPECT_EQ(Classify({kVideo, "--danmaku", notes}).err,
            "vsa: " + notes +
                ": is no danmaku in XML or JSON; expected that of Bilibili, "
                "dandanplay, Niconico or AcFun, with comments such as <d "
                "p=\"1.5,1,…\">\n");
}

TEST_F(TextSources, ASidecarIsNoOutput) {
  fs::copy(kVideo, folder_ / "a.mp4");
  for (const char* name : {"a.xml", "a.en.sbv"}) {
    const std::string sidecar = Write(name, "as it was");
    const Outcome outcome = Classify(
        {(folder_ / "a.mp4").string(), "--output", sidecar, "--force"});
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.err, "vsa: " + sidecar +
                               ": is an input; the output must be another "
                               "file\n");
    EXPECT_EQ(Contents(sidecar), "as it was");
  }
}

TEST_F(TextSources, ChineseCommentsAreCountedNotJudged) {
  const char* shared = std::getenv("VSA_SHARED");
  const fs::path file = fs::path(shared ? shared : kRoot + "/../shared") /
                        "data/subtitles/danmaku/biliass_sample.xml";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is not there";
  const json result =
      Success(Classify({kVideo, "--no-subs", "--danmaku", file.string()}));
  EXPECT_GT(result["audience"]["comments"], 10);
  EXPECT_TRUE(result["audience"]["sentiment"].is_null());
  EXPECT_EQ(result["warnings"].back()["code"], "text_language");
}

}  // namespace
}  // namespace vsa
