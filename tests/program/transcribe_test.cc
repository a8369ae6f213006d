// `vsa transcribe`, and the speech that `vsa classify` hears, with a bundle
// that writes the same words whatever it hears.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "model/bundle_fields.h"
#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string kRoot = VSA_SOURCE_DIR;
const std::string kSample =
    kRoot + "/tests/data/videos/mdn_stream-of-water.mp4";
const std::string kTiny = kRoot + "/tests/data/tiny-bundle";
const std::string kSpeech = kRoot + "/tests/data/tiny-speech";

const std::string kSrt =
    "1\n00:00:00,000 --> 00:00:01,000\nHello there, world.\n\n"
    "2\n00:00:01,000 --> 00:00:02,000\nIt works!\n\n";

class TranscribeTest : public TemporaryFolder {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(std::system("ffmpeg -v error -version > /dev/null"), 0);
  }

  static Outcome Transcribe(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"transcribe", "--speech", kSpeech});
    return RunProgram(arguments);
  }

  std::string Path(const std::string& name) const {
    return (folder_ / name).string();
  }

  // What ffmpeg makes with `options`.
  std::string Make(const std::string& name, const std::string& options) const {
    const std::string command =
        "ffmpeg -v error -y " + options + " " + Path(name);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return Path(name);
  }
  std::string Tone(const std::string& name) const {
    return Make(name, "-f lavfi -i sine=duration=3");
  }
  std::string Silence(const std::string& name) const {
    return Make(name, "-f lavfi -i anullsrc -t 3");
  }
  // Pictures with a tone, of which less than a second is behind the words that
  // the bundle always hears: more would be heard again.
  std::string Video(const std::string& name) const {
    return Make(name, "-i " + kSample +
                          " -f lavfi -i sine=duration=2.95 -map 0:v -map 1 "
                          "-c:v copy -t 3");
  }

  std::string Mute(const std::string& name) const {
    return Make(name, "-i " + kSample + " -an -c copy");
  }

  // A copy of the speech bundle that a test may damage.
  std::string CopyOfSpeech() const {
    fs::copy(kSpeech, folder_ / "speech");
    return Path("speech");
  }
};

void ExpectError(const Outcome& outcome, int exit_code,
                 const std::string& line) {
  EXPECT_EQ(outcome.exit_code, exit_code);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "vsa: " + line + "\n");
}

TEST_F(TranscribeTest, WritesWhatIsSaidToStdout) {
  const std::string tone = Tone("a.wav");
  const Outcome srt = Transcribe({tone});
  EXPECT_EQ(srt.exit_code, 0);
  EXPECT_EQ(srt.out, kSrt);
  EXPECT_EQ(srt.err, "");
  EXPECT_EQ(Transcribe({tone, "--format", "vtt"}).out,
            "WEBVTT\n\n"
            "00:00:00.000 --> 00:00:01.000\nHello there, world.\n\n"
            "00:00:01.000 --> 00:00:02.000\nIt works!\n\n");
  const json out =
      json::parse(Transcribe({tone, "--format", "json"}).out, nullptr, false);
  EXPECT_EQ(out["text"], "Hello there, world. It works!");
  EXPECT_EQ(out["language"], "en");
  ASSERT_EQ(out["segments"].size(), 2u);
  const json& second = out["segments"][1];
  EXPECT_EQ(second["id"], 1);
  EXPECT_EQ(second["start"], 1);
  EXPECT_EQ(second["end"], 2);
  EXPECT_EQ(second["text"], "It works!");
  EXPECT_NEAR(second["confidence"].get<double>(), 1, 0.01);
  EXPECT_EQ(Transcribe({Video("a.mp4")}).out, kSrt);
}

TEST_F(TranscribeTest, GivesTheSameBytesWhateverTheThreads) {
  const std::string tone =
      Make("long.wav", "-f lavfi -i sine=sample_rate=16000:duration=150");
  const Outcome one = Transcribe({tone, "--threads", "1", "--dtype", "fp32"});
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out.rfind(kSrt, 0), 0u);
  EXPECT_GT(one.out.size(), 4 * kSrt.size());
  EXPECT_EQ(Transcribe({tone, "--threads", "2", "--dtype", "fp32"}).out,
            one.out);
  EXPECT_EQ(Transcribe({tone, "--dtype", "bf16"}).out, one.out);
}

TEST_F(TranscribeTest, WritesToAFileThatIsNoInput) {
  const std::string tone = Tone("a.wav");
  const Outcome outcome = Transcribe({tone, "--output", Path("out.srt")});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Contents(folder_ / "out.srt"), kSrt);
  const std::string bytes = Contents(tone);
  ExpectError(Transcribe({tone, "--output", tone}), 3,
              tone + ": is an input; the output must be another file");
  EXPECT_EQ(Contents(tone), bytes);
}

TEST_F(TranscribeTest, ReplacesNoOutputThatIsNoneOfItsOwn) {
  const std::string tone = Tone("a.wav");
  const std::string notes = Write("notes.txt", "My notes.\n");
  ExpectError(Transcribe({tone, "--output", notes}), 3,
              notes +
                  ": exists and is no file of subtitles of vsa; use --force to "
                  "replace it");
  EXPECT_EQ(Contents(notes), "My notes.\n");
  EXPECT_EQ(Transcribe({tone, "--output", notes, "--force"}).exit_code, 0);
  EXPECT_EQ(Contents(notes), kSrt);
  for (const std::string format : {"vtt", "json", "srt"}) {
    const Outcome again =
        Transcribe({tone, "--output", notes, "--format", format});
    EXPECT_EQ(again.exit_code, 0) << again.err;
  }
  EXPECT_EQ(Contents(notes), kSrt);
  const std::string nowhere = Path("none/a.srt");
  EXPECT_EQ(Transcribe({tone, "--output", nowhere}).exit_code, 3);
}

TEST_F(TranscribeTest, TakesNoFileWithAnArrowForItsOwn) {
  const std::string tone = Tone("a.wav");
  for (const std::string foreign :
       {"<html><!-- menu --> <p>\n", "notes\n00:00:01,000 --> 00:00:02,000\n",
        "WEBVTT is a format\n", "{\"text\": \"\", \"segments\": 3}",
        "a --> b\nc --> d\n", "graph TD\n  00:01 --> 00:02\n",
        "{\"text\": \"My notes.\"}\n", "\n\nWEBVTT\n"}) {
    const std::string page = Write("page", foreign);
    ExpectError(Transcribe({tone, "--output", page}), 3,
                page +
                    ": exists and is no file of subtitles of vsa; use --force "
                    "to replace it");
    EXPECT_EQ(Contents(page), foreign);
  }
  for (const std::string own :
       {"1\r\n00:00:00,000 --> 00:00:01,000\r\nEdited elsewhere.\r\n",
        "WEBVTT - with a title\n\n00:01.000 --> 00:02.000\nHi.\n"}) {
    const std::string subtitles = Write("subtitles", own);
    const Outcome outcome = Transcribe({tone, "--output", subtitles});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(Contents(subtitles), kSrt);
  }
}

TEST_F(TranscribeTest, WritesBesideEachInItsLanguage) {
  const std::string tone = Tone("a.wav");
  const std::string video = Video("b.c.mp4");
  const Outcome outcome = Transcribe({tone, video, "--beside"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Contents(folder_ / "a.en.srt"), kSrt);
  EXPECT_EQ(Contents(folder_ / "b.c.en.srt"), kSrt);
  Transcribe({tone, "--beside", "--language", "zh", "--format", "vtt"});
  EXPECT_EQ(Contents(folder_ / "a.zh.vtt").substr(0, 8), "WEBVTT\n\n");
}

TEST_F(TranscribeTest, ReplacesNothingBesideAndGoesOnWithTheNext) {
  const std::string first = Tone("a.wav");
  const std::string second = Tone("b.wav");
  const std::string own = Write("a.en.srt", "My own.\n");
  const std::string line =
      own + ": exists and is not replaced; expected a free name";
  ExpectError(Transcribe({first, "--beside"}), 1, line);
  ExpectError(Transcribe({first, second, "--beside"}), 1, line);
  EXPECT_EQ(Contents(own), "My own.\n");
  EXPECT_EQ(Contents(folder_ / "b.en.srt"), kSrt);
}

TEST_F(TranscribeTest, OfSeveralGoesOnWithTheNextAfterABadOne) {
  const std::string tone = Tone("a.wav");
  const std::string text = Write("b.wav", "This is no sound.\n");
  const std::string none = Path("none.mp4");
  const std::string mute = Mute("mute.mp4");
  const Outcome outcome = Transcribe({none, mute, text, tone, "--beside"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(
      outcome.err.rfind("vsa: " + none +
                            ": no such file; expected a video\nvsa: " + mute +
                            ": has no sound; expected a file with some\n"
                            "vsa: " +
                            text + ": ",
                        0),
      0u)
      << outcome.err;
  EXPECT_EQ(Contents(folder_ / "a.en.srt"), kSrt);
}

TEST_F(TranscribeTest, OfSeveralGoesOnWithTheNextAfterAFailureOfTheModel) {
  const std::string first = Tone("a.wav");
  const std::string loud =
      Make("b.wav", "-f lavfi -i sine=duration=3 -af volume=8");
  const std::string last = Tone("c.wav");
  const std::string bundle = kRoot + "/tests/data/fail-speech";
  const Outcome outcome = RunProgram(
      {"transcribe", first, loud, last, "--beside", "--speech", bundle});
  ExpectError(outcome, 1,
              loud + ": " + bundle +
                  "/encoder.pt: The following operation failed in the "
                  "TorchScript interpreter.");
  EXPECT_EQ(Contents(folder_ / "a.en.srt"), kSrt);
  EXPECT_EQ(Contents(folder_ / "c.en.srt"), kSrt);
  EXPECT_FALSE(fs::exists(folder_ / "b.en.srt"));
}

TEST_F(TranscribeTest, SaysHowFarItIsUnlessNothingIsToBeSaid) {
  const std::string tone = Make("a.wav", "-f lavfi -i sine=duration=65");
  const auto said = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"transcribe", tone, "--speech",
                                          kSpeech};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome =
        RunProgram(arguments, "",
                   {"LD_PRELOAD=" VSA_JUMPING_CLOCK, "VSA_TEST_FAST_CLOCK=1"});
    EXPECT_EQ(outcome.exit_code, 0);
    return outcome.err;
  };
  EXPECT_THAT(said({}),
              testing::MatchesRegex("vsa: " + tone +
                                    ": 0:0[01]:.. of 0:01:05 heard, .*\n"));
  EXPECT_EQ(said({"--quiet"}), "");
  EXPECT_EQ(said({"--log-level", "off"}), "");
}

TEST_F(TranscribeTest, OfSilenceHasNoCuesAndSaysSo) {
  const std::string silence = Silence("a.wav");
  const std::pair<std::string, std::string> kEmpty[] = {
      {"srt", ""},
      {"vtt", "WEBVTT\n"},
      {"json", "{\"text\":\"\",\"segments\":[],\"language\":\"\"}\n"}};
  for (const auto& [format, empty] : kEmpty) {
    const Outcome outcome = Transcribe({silence, "--format", format});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, empty);
    EXPECT_EQ(outcome.err, "vsa: " + silence + ": no speech is heard\n");
    // It may be replaced by what comes next.
    EXPECT_EQ(Transcribe({silence, "--format", format, "--output", Path("out")})
                  .exit_code,
              0);
  }
  const Outcome beside = Transcribe({silence, "--beside"});
  EXPECT_EQ(beside.exit_code, 0);
  EXPECT_TRUE(fs::exists(folder_ / "a.und.srt"));
  EXPECT_EQ(Contents(folder_ / "a.und.srt"), "");
}

TEST_F(TranscribeTest, NamesFilesThatItCannotHear) {
  const std::string none = Path("none.mp4");
  ExpectError(Transcribe({none}), 1, none + ": no such file; expected a video");
  const std::string mute = Mute("mute.mp4");
  ExpectError(Transcribe({mute}), 1,
              mute + ": has no sound; expected a file with some");
  const std::string video = Video("a.mp4");
  ExpectError(Transcribe({video, "--audio-track", "7"}), 1,
              video + ": has no sound track 7; expected one of 1");
  EXPECT_EQ(Transcribe({video, "--audio-track", "1"}).out, kSrt);
}

// Not that nobody speaks.
TEST_F(TranscribeTest, NamesFilesWhoseSoundCannotBeDecoded) {
  const std::string unknown = Make(
      "a.mp4",
      "-f lavfi -i sine=duration=1 -c:a aac -encryption_scheme cenc-aes-ctr "
      "-encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid "
      "a7e61c373e219033c21091fa607bf3b8");
  const std::string line =
      unknown + ": its sound (aac) cannot be decoded: nothing is heard";
  ExpectError(Transcribe({unknown}), 1, line);
  ExpectError(Transcribe({unknown, "--beside"}), 1, line);
  EXPECT_FALSE(fs::exists(folder_ / "a.und.srt"));
}

TEST_F(TranscribeTest, NamesOptionsThatAreWrong) {
  const std::string tone = Tone("a.wav");
  ExpectError(Transcribe({tone, "--language", "xx"}), 2,
              "--language: the speech bundle does not know xx; expected a tag "
              "such as en");
  ExpectError(Transcribe({tone, tone}), 2,
              "transcribe: of several MEDIA --beside is needed");
  for (const std::string track : {"-1", "one", "1000000000000", "1.5"}) {
    ExpectError(Transcribe({tone, "--audio-track", track}), 2,
                "--audio-track: expected the number of a track: 0, 1, 2 and so "
                "on (see vsa --help)");
  }
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"--format", "doc"},
        {"--beside", "--output", Path("b.srt")}}) {
    std::vector<std::string> arguments = {tone};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const Outcome outcome = Transcribe(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << wrong[1];
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
  EXPECT_EQ(RunProgram({"transcribe"}).exit_code, 2);
}

// Of "en-US" and "eng" a Whisper's tag is "en".
TEST_F(TranscribeTest, TakesATagOfALanguageInItsOtherForms) {
  const std::string tone = Tone("a.wav");
  for (const std::string tag : {"EN", "en-US", "eng"}) {
    const Outcome outcome = Transcribe({tone, "--language", tag});
    EXPECT_EQ(outcome.exit_code, 0) << tag << outcome.err;
    EXPECT_EQ(outcome.out, kSrt);
  }
}

TEST_F(TranscribeTest, NamesASpeechBundleThatCannotBeUsed) {
  const std::string tone = Tone("a.wav");
  const auto with = [&](const std::string& bundle) {
    return RunProgram({"transcribe", tone, "--speech", bundle});
  };
  const std::string none = Path("none");
  ExpectError(with(none), 3,
              none + ": is not a folder; expected a speech bundle");
  ExpectError(with(kTiny), 3,
              kTiny +
                  "/speech.json: cannot be opened: No such file or "
                  "directory");
  const std::string speech = CopyOfSpeech();
  std::string bytes = Contents(speech + "/decoder.pt");
  bytes[bytes.size() / 2] ^= 1;
  Write("speech/decoder.pt", bytes);
  const Outcome altered = with(speech);
  EXPECT_EQ(altered.exit_code, 3);
  EXPECT_EQ(altered.out, "");
  EXPECT_EQ(altered.err.rfind("vsa: " + speech +
                                  "/decoder.pt: is not the file that "
                                  "speech.json names: its SHA-256 is ",
                              0),
            0u)
      << altered.err;
  fs::remove(speech + "/encoder.pt");
  ExpectError(
      with(speech), 3,
      speech + "/encoder.pt: cannot be opened: No such file or directory");
}

// What the voice of samples/spoken.mp4 says, in seconds of it, by its energy.
struct Said {
  double start;
  double end;
};
constexpr Said kSaid[] = {{0.26, 2.76}, {3.28, 7.98}, {8.56, 11.15}};

// With the speech bundle that lies in the project, sentences in another order
// with pauses of known lengths before them.
TEST_F(TranscribeTest, GivesTheTimesAtWhichSomebodySpeaks) {
  const std::pair<std::size_t, double> kOrder[] = {{0, 0.7}, {2, 1.5}, {1, 4},
                                                   {0, 2.5}, {1, 0.7}, {2, 1}};
  std::string parts;
  std::string inputs;
  std::vector<Said> truth;
  double at = 0;
  for (std::size_t i = 0; i < std::size(kOrder); ++i) {
    const auto& [which, pause] = kOrder[i];
    const Said& said = kSaid[which];
    const std::string n = std::to_string(i);
    parts += "anoisesrc=r=16000:a=0.002:seed=" + n +
             ":d=" + std::to_string(pause) + "[p" + n +
             "];[0:a]atrim=" + std::to_string(said.start) + ":" +
             std::to_string(said.end) + ",asetpts=PTS-STARTPTS[s" + n + "];";
    inputs += "[p" + n + "][s" + n + "]";
    at += pause;
    truth.push_back({at, at + said.end - said.start});
    at = truth.back().end;
  }
  const std::string sound =
      Make("a.wav", "-i " + kRoot + "/samples/spoken.mp4 -filter_complex \"" +
                        parts + inputs + "concat=v=0:a=1:n=" +
                        std::to_string(2 * std::size(kOrder)) + "\"");
  const Outcome outcome =
      RunProgram({"transcribe", sound, "--format", "json", "--dtype", "fp32"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json heard = json::parse(outcome.out, nullptr, false);
  for (const Said& said : truth) {
    double first = 1e9, last = 0;
    for (const json& cue : heard["segments"]) {
      const double start = cue["start"], end = cue["end"];
      const double middle = (start + end) / 2;
      if (middle < said.start || middle > said.end) continue;
      first = std::min(first, start);
      last = std::max(last, end);
    }
    EXPECT_NEAR(first, said.start, 0.3) << outcome.out;
    EXPECT_NEAR(last, said.end, 0.3) << outcome.out;
  }
}

// Of each kind one: tests/model/speech_bundle_test.cc has the others.
TEST_F(TranscribeTest, RefusesASpeechBundleWhosePartsDoNotFitEachOther) {
  const std::string tone = Tone("a.wav");
  const std::string speech = CopyOfSpeech();
  const json good = json::parse(Contents(speech + "/speech.json"));
  const std::string tokens = Contents(speech + "/tokens.txt");
  const std::string shorter =
      tokens.substr(0, tokens.rfind('\n', tokens.size() - 2) + 1);
  Write("speech/shorter.txt", shorter);
  const std::string breaks = "breaks the contract of a bundle: ";
  const struct {
    const char* at;
    json value;
    std::string complaint;
  } kCases[] = {{"/tokens",
                 {{"path", "shorter.txt"},
                  {"bytes", shorter.size()},
                  {"sha256", Sha256(shorter)}},
                 "shorter.txt: has 262 tokens; expected 263, those before "
                 "\"special.eot\""},
                {"/special/eot", 265,
                 "speech.json: \"special.eot\" must be less than the "
                 "other special tokens and languages"},
                {"/special/sot", 5000,
                 "speech.json: \"special.sot\" must be a whole "
                 "number from 0 to 1773"},
                {"/languages/en", nullptr,
                 "speech.json: \"languages.en\" must be a whole "
                 "number from 0 to 1773"},
                {"/languages/en", 266,
                 "speech.json: token 266 stands for two special "
                 "tokens or languages; expected one"},
                {"/suppress/begin",
                 {1774},
                 "speech.json: \"suppress.begin\" must be a "
                 "list of tokens before "
                 "\"special.first_timestamp\""},
                {"/thresholds/compression", 0,
                 "speech.json: \"thresholds.compression\" "
                 "must be a number from 1.0 to 1000.0"},
                {"/timestamp_seconds", 0.01,
                 "speech.json: the tokens from "
                 "\"special.first_timestamp\" on, "
                 "\"timestamp_seconds\" apart, must be the "
                 "times from 0 to 30 s"},
                {"/encoder/width", 17,
                 "encoder.pt: " + breaks +
                     "encode gave Float "
                     "[1,1500,16], expected Float [1,1500,17]"}};
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.complaint);
    json altered = good;
    altered[json::json_pointer(one.at)] = one.value;
    Write("speech/speech.json", altered.dump());
    const std::string line = speech + "/" + one.complaint;
    ExpectError(RunProgram({"transcribe", tone, "--speech", speech}), 3, line);
    const Outcome inspect = RunProgram({"inspect", speech});
    EXPECT_EQ(inspect.exit_code, 1);
    EXPECT_EQ(inspect.err, "vsa: " + line + "\n");
    const json out = json::parse(inspect.out, nullptr, false);
    EXPECT_EQ(out["passes"], false);
    EXPECT_EQ(out["error"]["message"], line);
  }
}

class HearingClassifyTest : public TranscribeTest {
 protected:
  static Outcome Classify(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"classify", "--model", kTiny, "--fps",
                                         "0.5", "--speech", kSpeech});
    return RunProgram(arguments);
  }

  static json Success(const Outcome& outcome) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    return json::parse(outcome.out, nullptr, false);
  }

  static std::string TextOf(const json& result) {
    std::string text;
    for (const json& segment : result["segments"])
      text += segment["text"].get<std::string>() + "|";
    return text;
  }
};

TEST_F(HearingClassifyTest, HearsWhereThereAreNoOtherWords) {
  const std::string video = Video("a.mp4");
  const json heard = Success(Classify({video}));
  EXPECT_EQ(heard["subtitles"]["source"], "speech");
  EXPECT_EQ(heard["subtitles"]["cues"], 2);
  EXPECT_TRUE(heard["subtitles"]["path"].is_null());
  EXPECT_EQ(heard["speech"]["language"], "en");
  EXPECT_EQ(heard["speech"]["model"]["name"], "tiny-speech");
  EXPECT_NEAR(heard["speech"]["seconds"].get<double>(), 3, 0.1);
  EXPECT_NE(TextOf(heard).find("Hello there, world."), std::string::npos);
  EXPECT_NE(TextOf(heard).find("It works!"), std::string::npos);

  Write("a.srt", "1\n00:00:00,500 --> 00:00:02,000\nRead.\n");
  const json read = Success(Classify({video}));
  EXPECT_EQ(read["subtitles"]["source"], "sidecar");
  EXPECT_FALSE(read.contains("speech"));
  EXPECT_EQ(Success(Classify(
                {video, "--transcribe", "always"}))["subtitles"]["source"],
            "speech");
}

// Where there are other words, or no sound, nothing of the bundle is read: it
// may be damaged, or gone. Who hears says what is wrong with it.
TEST_F(HearingClassifyTest, ReadsNothingOfTheSpeechBundleUnlessItHears) {
  const std::string video = Video("a.mp4");
  const std::string subs =
      Write("w.srt", "1\n00:00:00,500 --> 00:00:02,000\nRead.\n");
  const std::string tracked =
      Make("tracked.mkv", "-i " + video + " -i " + subs +
                              " -map 0 -map 1 -c "
                              "copy -c:s srt");
  const std::string beside = Video("beside.mp4");
  Write("beside.srt", Contents(subs));
  const std::string speech = CopyOfSpeech();
  const auto classify = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"classify", "--model", kTiny, "--fps",
                                         "0.5", "--speech", speech});
    return RunProgram(arguments);
  };
  const auto extract = [&](const std::string& subtitles) {
    std::vector<std::string> arguments = {
        "extract",  "--model", kTiny, "--fps",    "0.5",
        "--speech", speech,    video, "--output", Path("extracted")};
    if (!subtitles.empty())
      arguments.insert(arguments.end(), {"--subs", subtitles});
    return RunProgram(arguments);
  };
  for (const std::string file : {"tokens.txt", "decoder.pt", "speech.json"})
    Write("speech/" + file, "{}");
  EXPECT_EQ(Success(classify({video, "--subs", subs}))["subtitles"]["source"],
            "option");
  EXPECT_EQ(Success(classify({beside}))["subtitles"]["source"], "sidecar");
  EXPECT_EQ(Success(classify({tracked}))["subtitles"]["source"], "embedded");
  EXPECT_EQ(Success(classify({video, "--no-subs"}))["subtitles"]["source"],
            "none");
  EXPECT_EQ(Success(classify({Mute("mute.mp4")}))["subtitles"]["source"],
            "none");
  EXPECT_EQ(extract(subs).exit_code, 0);
  for (const Outcome& hears :
       {classify({video}), classify({beside, "--transcribe", "always"}),
        extract("")}) {
    EXPECT_EQ(hears.exit_code, 3);
    EXPECT_EQ(hears.err,
              "vsa: " + speech + "/speech.json: \"format\" is missing\n");
  }
}

TEST_F(HearingClassifyTest, HearsNothingIfItIsToldSo) {
  const std::string video = Video("a.mp4");
  for (const std::vector<std::string>& quiet :
       {std::vector<std::string>{"--transcribe", "never"}, {"--no-subs"}}) {
    std::vector<std::string> arguments = {video};
    arguments.insert(arguments.end(), quiet.begin(), quiet.end());
    const json result = Success(Classify(arguments));
    EXPECT_EQ(result["subtitles"]["source"], "none");
    EXPECT_FALSE(result.contains("speech"));
  }
}

TEST_F(HearingClassifyTest, OfTheStretchHasTheTimesOfTheVideo) {
  const std::string video =
      Make("a.mp4", "-i " + kSample +
                        " -f lavfi -i sine -map 0:v -map 1 -c:v copy -t 6");
  const json result = Success(Classify({video, "--start", "2.5"}));
  ASSERT_EQ(TextOf(result).find("Hello there, world."), 0u) << TextOf(result);
  EXPECT_NEAR(result["segments"][0]["start"].get<double>(), 2.5, 0.01);
}

TEST_F(HearingClassifyTest, IsToldToHearAndToReadAtOnce) {
  const std::string subs =
      Write("w.srt", "1\n00:00:00,500 --> 00:00:02,000\nRead.\n");
  for (const std::vector<std::string>& other :
       {std::vector<std::string>{"--subs", subs},
        {"--track", "1"},
        {"--no-subs"}}) {
    std::vector<std::string> arguments = {kSample, "--transcribe", "always"};
    arguments.insert(arguments.end(), other.begin(), other.end());
    const Outcome outcome = Classify(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.err,
              "vsa: --transcribe always: expected neither --subs nor --track "
              "nor --no-subs with it\n");
  }
}

TEST_F(HearingClassifyTest, NamesASpeechBundleThatCannotBeUsed) {
  const std::string none = Path("none");
  const std::string subs =
      Write("w.srt", "1\n00:00:00,500 --> 00:00:02,000\nRead.\n");
  const std::string video = Video("a.mp4");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{}, {"--subs", subs}}) {
    std::vector<std::string> arguments = {"classify", video,      "--model",
                                          kTiny,      "--speech", none};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Outcome outcome = RunProgram(arguments);
    EXPECT_EQ(outcome.exit_code, 3);
    EXPECT_EQ(outcome.err,
              "vsa: " + none + ": is not a folder; expected a speech bundle\n");
  }
}

// The program where there is no models folder beside or above it.
class NoModelsTest : public HearingClassifyTest {
 protected:
  NoModelsTest() {
    const fs::path program = VSA_PROGRAM;
    fs::copy_file(program, folder_ / "vsa");
    for (const fs::directory_entry& file :
         fs::directory_iterator(program.parent_path())) {
      if (file.path().extension() == ".so")
        fs::create_symlink(file.path(), folder_ / file.path().filename());
    }
  }

  Outcome Run(const std::string& arguments) const {
    const std::string command = Path("vsa") + " " + arguments + " > " +
                                Path("out") + " 2> " + Path("err");
    const int status = std::system(command.c_str());
    Outcome outcome;
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    outcome.out = Contents(folder_ / "out");
    outcome.err = Contents(folder_ / "err");
    return outcome;
  }
};

TEST_F(NoModelsTest, SayThatSpeechIsNotHeard) {
  const std::string video = Video("a.mp4");
  const json result =
      Success(Run("classify " + video + " --fps 0.5 --model " + kTiny));
  EXPECT_EQ(result["warnings"],
            json({{{"code", "speech_unavailable"},
                   {"message", video + ": its speech is not heard: there is no "
                                       "speech bundle beside the program"}}}));
  EXPECT_FALSE(result.contains("speech"));
  // Not where there is nothing to hear, or words to read.
  const std::string mute = Mute("mute.mp4");
  EXPECT_EQ(Success(Run("classify " + mute + " --fps 0.5 --model " +
                        kTiny))["warnings"],
            json::array());
  Write("a.srt", "1\n00:00:00,500 --> 00:00:02,000\nRead.\n");
  EXPECT_EQ(Success(Run("classify " + video + " --fps 0.5 --model " +
                        kTiny))["warnings"],
            json::array());
}

TEST_F(NoModelsTest, DoNotTranscribe) {
  const std::string video = Video("a.mp4");
  const std::string line = "vsa: no speech bundle found beside " +
                           fs::canonical(folder_ / "vsa").string() +
                           "; name one with --speech DIR\n";
  const Outcome transcribe = Run("transcribe " + video);
  EXPECT_EQ(transcribe.exit_code, 3);
  EXPECT_EQ(transcribe.err, line);
  const Outcome classify =
      Run("classify " + video + " --transcribe always --model " + kTiny);
  EXPECT_EQ(classify.exit_code, 3);
  EXPECT_EQ(classify.err, line);
}

}  // namespace
}  // namespace vsa
