// `--model auto` from the outside: a copy of the program beside a models folder
// of the test's, whose bundles differ in their languages.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "tests/program/result_schema.h"
#include "tests/program/run_program.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

const fs::path kRoot = VSA_SOURCE_DIR;
const fs::path kVideo = kRoot / "tests/data/videos/mdn_stream-of-water.mp4";
const std::string kTime = "1\n00:00:00,000 --> 00:00:02,000\n";
const std::string kEnglish =
    "I have always loved this house, but today I would rather live elsewhere.";
const std::string kChinese =
    "我一直很喜欢这座房子，但是今天我更想住在别的地方，因为这里实在太吵了。";
const std::string kGerman =
    "Ich habe dieses Haus immer geliebt, aber heute möchte ich lieber woanders "
    "wohnen.";

class AutoModelTest : public TemporaryFolder {
 protected:
  AutoModelTest() {
    fs::create_directories(models_);
    const fs::path built = fs::path(VSA_PROGRAM).parent_path();
    fs::copy(VSA_PROGRAM, program_);
    for (const char* part :
         {"libvsa_media.so", "libvsa_torch.so", "libvsa_sentencepiece.so"})
      fs::create_symlink(built / part, folder_ / "bin" / part);
    fs::copy(kVideo, video_);
    AddBundle("multi", {"en", "zh", "fr"});
    AddBundle("default-en", {"en"});
  }

  // A bundle of the models folder; `more` are further keys of its model.json.
  void AddBundle(const std::string& name, const json& languages,
                 const json& more = json::object()) const {
    const fs::path folder = models_ / name;
    fs::create_directories(folder);
    const fs::path tiny = kRoot / "tests/data/tiny-bundle";
    for (const auto& file : fs::directory_iterator(tiny)) {
      if (file.path().filename() != "model.json")
        fs::copy(file.path(), folder, fs::copy_options::overwrite_existing);
    }
    json model = json::parse(Contents(tiny / "model.json"));
    model["name"] = name;
    model["languages"] = languages;
    model.update(more);
    std::ofstream(folder / "model.json") << model.dump();
  }

  Outcome Run(const std::vector<std::string>& arguments,
              const std::vector<std::string>& environment = {}) const {
    return RunProgram(arguments, "", environment, program_.string());
  }

  json Classify(std::vector<std::string> more) const {
    more.insert(more.begin(), {"classify", video_.string(), "--fps", "0.5"});
    const Outcome outcome = Run(more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(FaultOfResult(outcome.out), "");
    return json::parse(outcome.out, nullptr, false);
  }

  static std::string ModelOf(const json& result) {
    return result["model"]["name"];
  }

  static std::vector<std::string> WarningsOf(const json& result) {
    std::vector<std::string> warnings;
    for (const json& one : result["warnings"]) {
      warnings.push_back(one["code"].get<std::string>() + ": " +
                         one["message"].get<std::string>());
    }
    return warnings;
  }

  // The one error line of a run that ends with `exit_code`.
  std::string ErrorOf(const std::vector<std::string>& arguments, int exit_code,
                      const std::vector<std::string>& environment = {}) const {
    const Outcome outcome = Run(arguments, environment);
    EXPECT_EQ(outcome.exit_code, exit_code);
    return outcome.err;
  }

  std::string Path(const std::string& name) const {
    return (folder_ / name).string();
  }

  const fs::path models_ = folder_ / "bin/models";
  const fs::path program_ = folder_ / "bin/vsa";
  const fs::path video_ = folder_ / "a.mp4";
};

TEST_F(AutoModelTest, TheLanguageOfTheWordsChooses) {
  const std::string english = Write("e.srt", kTime + kEnglish + "\n");
  const std::string chinese = Write("z.srt", kTime + kChinese + "\n");
  EXPECT_EQ(ModelOf(Classify({"--subs", english})), "default-en");
  const json result = Classify({"--subs", chinese});
  EXPECT_EQ(ModelOf(result), "multi");
  EXPECT_THAT(WarningsOf(result), IsEmpty());
  EXPECT_EQ(ModelOf(Classify({"--subs", chinese, "--model", "auto"})), "multi");
  EXPECT_EQ(ModelOf(Classify({"--no-subs", "--language", "zh"})), "default-en");
  const json asked = Classify({"--subs", english, "--language", "fr"});
  EXPECT_EQ(ModelOf(asked), "multi");
  EXPECT_THAT(WarningsOf(asked), IsEmpty());
  const std::string german = Write("d.srt", kTime + kGerman + "\n");
  const json none = Classify({"--subs", german});
  EXPECT_EQ(ModelOf(none), "multi");
  EXPECT_THAT(WarningsOf(none),
              ElementsAre("text_language: " + german +
                          ": its words are German, which is not a language of "
                          "the model (en, zh, fr)"));
}

TEST_F(AutoModelTest, TheNameOfASidecarChoosesUnlessTheWordsContradictIt) {
  Write("a.de.srt", kTime + "OK.\n");
  const json german = Classify({});
  EXPECT_EQ(ModelOf(german), "multi");
  EXPECT_THAT(
      WarningsOf(german),
      ElementsAre("subtitle_language: " + Path("a.de.srt") +
                      ": by its name, is not in a language of any model",
                  "text_language: " + Path("a.de.srt") +
                      ": its words are German, which is not a language of the "
                      "model (en, zh, fr)"));
  Write("a.zh.srt", kTime + "OK.\n");
  const json chinese = Classify({});
  EXPECT_EQ(chinese["subtitles"]["path"], Path("a.zh.srt"));
  EXPECT_EQ(ModelOf(chinese), "multi");
  EXPECT_THAT(WarningsOf(chinese), IsEmpty());
  Write("a.zh.srt", kTime + kEnglish + "\n");
  const json contradicted = Classify({});
  EXPECT_EQ(ModelOf(contradicted), "default-en");
  EXPECT_THAT(WarningsOf(contradicted),
              ElementsAre("subtitle_language: " + Path("a.zh.srt") +
                          ": is marked as zh, but its words are English, which "
                          "counts"));
  Write("a.en.srt", kTime + "OK.\n");
  EXPECT_EQ(Classify({})["subtitles"]["path"], Path("a.en.srt"));
  EXPECT_EQ(Classify({"--language", "zh"})["subtitles"]["path"],
            Path("a.zh.srt"));
  // With a bundle that is named, others' languages are others.
  EXPECT_EQ(Classify({"--model", "multi"})["subtitles"]["path"],
            Path("a.en.srt"));
}

TEST_F(AutoModelTest, ABundleMayBeNamedAndOneMayStandBack) {
  AddBundle("large", {"de", "en", "zh", "fr"}, {{"auto", false}});
  const std::string german = Write("d.srt", kTime + kGerman + "\n");
  EXPECT_EQ(ModelOf(Classify({"--subs", german})), "multi");
  const json named = Classify({"--subs", german, "--model", "large"});
  EXPECT_EQ(ModelOf(named), "large");
  EXPECT_THAT(WarningsOf(named), IsEmpty());
  // Shells complete it with a slash.
  EXPECT_EQ(ModelOf(Classify({"--subs", german, "--model", "large/"})),
            "large");
  const std::vector<std::string> plain = {"classify", video_.string(),
                                          "--no-subs"};
  const Outcome from_environment = Run(plain, {"VSA_MODEL=large"});
  EXPECT_EQ(ModelOf(json::parse(from_environment.out)), "large");
  const std::string expected = "vsa: other: is no folder, and no bundle in " +
                               models_.string() +
                               "; expected a folder, auto, or one of "
                               "default-en, large, multi\n";
  EXPECT_EQ(ErrorOf({"classify", video_.string(), "--model", "other"}, 3),
            expected);
  EXPECT_EQ(ErrorOf(plain, 3, {"VSA_MODEL=other"}), expected);
}

TEST_F(AutoModelTest, ABrokenBundleOrNoneAtAllIsSaid) {
  const std::vector<std::string> plain = {"classify", video_.string(),
                                          "--no-subs"};
  fs::create_directories(models_ / "broken");
  std::ofstream(models_ / "broken/model.json") << "{\n";
  EXPECT_EQ(ErrorOf(plain, 3), "vsa: " + (models_ / "broken").string() +
                                   "/model.json:2: is not JSON\n");
  std::ofstream(models_ / "broken/model.json") << R"({"format": "other/1"})";
  EXPECT_EQ(ErrorOf(plain, 0), "");
  fs::remove_all(models_);
  fs::create_directories(models_);
  AddBundle("large", {"en"}, {{"auto", false}});
  EXPECT_EQ(ErrorOf(plain, 3),
            "vsa: " + models_.string() +
                ": holds no bundle that --model auto takes; name one with "
                "--model DIR or VSA_MODEL\n");
}

TEST_F(AutoModelTest, ABatchLoadsWhatItsVideosNeed) {
  // A bundle that no video needs is never loaded: it may be altered.
  AddBundle("third", {"de"});
  std::ofstream(models_ / "third/text.pt", std::ios::in) << "altered";
  fs::create_directories(folder_ / "clips");
  for (const char* name : {"a", "b", "c"})
    fs::copy(video_, folder_ / "clips" / (std::string(name) + ".mp4"));
  Write("clips/a.srt", kTime + kEnglish + "\n");
  Write("clips/b.srt", kTime + kChinese + "\n");
  Write("clips/c.zh.srt", kTime + "OK.\n");
  const auto batch = [&](const std::string& output, const std::string& jobs) {
    return Run({"batch", Path("clips"), "--output", Path(output), "--fps",
                "0.5", "--jobs", jobs});
  };
  const Outcome first = batch("1.jsonl", "1");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  std::vector<std::string> models;
  for (const json& result : ResultsOf(Contents(Path("1.jsonl"))))
    models.push_back(ModelOf(result));
  EXPECT_THAT(models, ElementsAre("default-en", "multi", "multi"));
  EXPECT_EQ(batch("2.jsonl", "2").exit_code, 0);
  EXPECT_EQ(Contents(Path("2.jsonl")), Contents(Path("1.jsonl")));
  EXPECT_THAT(batch("1.jsonl", "2").err, HasSubstr("0 computed, 3 kept"));
  AddBundle("third", {"zh"}, {{"auto", false}});
  EXPECT_THAT(batch("1.jsonl", "2").err, HasSubstr("3 computed, 0 kept"));
}

TEST_F(AutoModelTest, TheAudienceIsJudgedByTheBundleOfItsLanguage) {
  const std::string english = Write("e.srt", kTime + kEnglish + "\n");
  const std::string danmaku =
      Write("c.xml", "<i><d p=\"1,1\">" + kChinese + " very</d></i>");
  const json result = Classify({"--subs", english, "--danmaku", danmaku});
  EXPECT_EQ(ModelOf(result), "default-en");
  EXPECT_EQ(ModelOf(result["audience"]), "multi");
  EXPECT_FALSE(result["audience"]["sentiment"].is_null());
  EXPECT_THAT(WarningsOf(result), IsEmpty());
  Write("c.xml", "<i><d p=\"1,1\">" + kGerman + "</d></i>");
  const json none = Classify({"--subs", english, "--danmaku", danmaku});
  EXPECT_FALSE(none["audience"].contains("model"));
  EXPECT_TRUE(none["audience"]["sentiment"].is_null());
  EXPECT_THAT(
      WarningsOf(none),
      ElementsAre(
          "text_language: " + danmaku +
          ": its words are German, which is not a language of the "
          "model (en, zh, fr); the audience's sentiment is not judged"));
}

TEST_F(AutoModelTest, ATableIsJudgedByTheBundleOfAllItsWords) {
  const auto model_of = [&](const std::string& words) {
    const std::string table = Write(
        "t.csv", "video_id,clip_id,text,label,mode\nv,1,OK,1,test\nv,2,\"" +
                     words + "\",-1,test\n");
    const Outcome outcome = Run({"evaluate", table, "--format", "json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(FaultOfMetrics(outcome.out), "");
    return ModelOf(json::parse(outcome.out));
  };
  EXPECT_EQ(model_of(kEnglish), "default-en");
  EXPECT_EQ(model_of(kChinese), "multi");
}

TEST_F(AutoModelTest, OtherCommandsFollow) {
  Write("a.zh.srt", kTime + kEnglish + "\n");
  const Outcome inspected = Run({"inspect", video_.string()});
  EXPECT_EQ(inspected.exit_code, 0) << inspected.err;
  const json video = json::parse(inspected.out);
  EXPECT_EQ(video["sidecar"], Path("a.zh.srt"));
  EXPECT_THAT(WarningsOf(video),
              ElementsAre("subtitle_language: " + Path("a.zh.srt") +
                          ": is marked as zh, but its words are English, which "
                          "counts"));
  const Outcome extracted =
      Run({"extract", video_.string(), "--output", Path("seen")});
  EXPECT_EQ(extracted.exit_code, 0) << extracted.err;
  EXPECT_THAT(Contents(Path("seen/segments.jsonl")), HasSubstr(kEnglish));
  // What tokenizes is the first.
  std::ofstream(models_ / "multi/vocab.txt", std::ios::in) << "altered";
  EXPECT_EQ(Run({"tokenize", Path("a.zh.srt")}).exit_code, 0);
  EXPECT_EQ(Run({"tokenize", Path("a.zh.srt"), "--model", "multi"}).exit_code,
            3);
}

}  // namespace
}  // namespace vsa
