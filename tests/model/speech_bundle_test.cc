#include "model/speech_bundle.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
namespace fs = std::filesystem;

// A bundle whose parts are a few letters. A test may damage it.
class SpeechBundleTest : public TemporaryFolder {
 protected:
  SpeechBundleTest() {
    speech_ = {
        {"format", "vsa.speech/1"},
        {"name", "small"},
        {"version", "2"},
        {"license", "MIT"},
        {"encoder",
         {{"module", Entry("encoder.pt", "the encoder")}, {"width", 16}}},
        {"decoder",
         {{"module", Entry("decoder.pt", "the decoder")},
          {"vocabulary", 1519},
          {"max_tokens", 448}}},
        {"tokens", Entry("tokens.txt", "SGVsbG8=\nIQ==\nIHlvdQ==\n")},
        {"special",
         {{"sot", 11},
          {"eot", 3},
          {"transcribe", 15},
          {"no_speech", 16},
          {"no_timestamps", 17},
          {"first_timestamp", 18}}},
        {"timestamp_seconds", 0.02},
        {"languages", {{"en", 12}, {"zh", 13}}},
        {"suppress", {{"always", {1, 11}}, {"begin", {2, 3}}}},
        {"temperatures", {0, 0.5}},
        {"thresholds",
         {{"no_speech", 0.6}, {"log_probability", -1}, {"compression", 2.4}}}};
  }

  // What speech.json says of a file that it writes.
  json Entry(const std::string& name, const std::string& bytes) const {
    Write(name, bytes);
    return {{"path", name}, {"bytes", bytes.size()}, {"sha256", Sha256(bytes)}};
  }

  SpeechBundle Load() const {
    Write("speech.json", speech_.dump());
    return LoadSpeechBundle(folder_);
  }

  // What `use` says, without the folder before it.
  template <typename Use>
  std::string ComplaintOf(Use use) const {
    try {
      use();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      const std::string message = error.what();
      EXPECT_EQ(message.rfind(folder_.string() + "/", 0), 0u) << message;
      return message.substr(folder_.string().size() + 1);
    }
    return "";
  }
  std::string Complaint() const {
    return ComplaintOf([this] { Load(); });
  }
  // With `value` at the JSON pointer `at`.
  std::string ComplaintWith(const std::string& at, const json& value) {
    const json good = speech_;
    speech_[json::json_pointer(at)] = value;
    const std::string complaint = Complaint();
    speech_ = good;
    return complaint;
  }
  std::string ComplaintWithout(const std::string& at) {
    const json good = speech_;
    speech_ = speech_.patch({{{"op", "remove"}, {"path", at}}});
    const std::string complaint = Complaint();
    speech_ = good;
    return complaint;
  }

  // The tokens of tokens.txt with these bytes, of which there are `count`.
  std::vector<std::string> TokensOf(const std::string& lines, int count) {
    speech_["tokens"] = Entry("tokens.txt", lines);
    speech_["special"]["eot"] = count;
    return ReadSpeechTokens(Load());
  }
  std::string TokensComplaint(const std::string& lines) {
    return ComplaintOf([&] { TokensOf(lines, 3); });
  }

  json speech_;
};

TEST_F(SpeechBundleTest, IsWhatItsJsonSays) {
  const SpeechBundle bundle = Load();
  EXPECT_EQ(bundle.folder, folder_.string());
  EXPECT_EQ(bundle.name, "small");
  EXPECT_EQ(bundle.version, "2");
  EXPECT_EQ(bundle.license, "MIT");
  EXPECT_EQ(bundle.sha256, Sha256(Contents(folder_ / "speech.json")));
  EXPECT_EQ(bundle.width, 16);
  EXPECT_EQ(ReadBundleFile(bundle.encoder), "the encoder");
  EXPECT_EQ(ReadBundleFile(bundle.decoder), "the decoder");
  const SpeechSpec& spec = bundle.spec;
  EXPECT_EQ(spec.vocabulary, 1519);
  EXPECT_EQ(spec.max_tokens, 448);
  EXPECT_EQ(spec.start, 11);
  EXPECT_EQ(spec.end, 3);
  EXPECT_EQ(spec.transcribe, 15);
  EXPECT_EQ(spec.no_speech, 16);
  EXPECT_EQ(spec.no_timestamps, 17);
  EXPECT_EQ(spec.first_timestamp, 18);
  EXPECT_EQ(spec.timestamp_seconds, 0.02);
  EXPECT_THAT(spec.languages, ElementsAre(Pair("en", 12), Pair("zh", 13)));
  EXPECT_THAT(spec.never, ElementsAre(1, 11));
  EXPECT_THAT(spec.not_first, ElementsAre(2, 3));
  EXPECT_THAT(spec.temperatures, ElementsAre(0, 0.5));
  EXPECT_EQ(spec.most_no_speech, 0.6);
  EXPECT_EQ(spec.least_log_probability, -1);
  EXPECT_EQ(spec.most_compression, 2.4);
  EXPECT_THAT(spec.tokens, IsEmpty());
  EXPECT_THAT(ReadSpeechTokens(bundle), ElementsAre("Hello", "!", " you"));
}

TEST_F(SpeechBundleTest, NeedsNoTaskWhereItKnowsEnglishAlone) {
  speech_["languages"] = json::object();
  speech_["special"].erase("transcribe");
  EXPECT_EQ(Complaint(), "");
  EXPECT_THAT(Load().spec.languages, IsEmpty());
}

TEST_F(SpeechBundleTest, MayHoldKeysThatAreNotKnown) {
  speech_["later"] = 1;
  EXPECT_EQ(Complaint(), "");
}

TEST_F(SpeechBundleTest, NamesEachValueThatIsMissing) {
  for (const char* name : {"format",
                           "name",
                           "version",
                           "license",
                           "encoder.width",
                           "decoder.vocabulary",
                           "decoder.max_tokens",
                           "special.sot",
                           "special.eot",
                           "special.transcribe",
                           "special.no_speech",
                           "special.no_timestamps",
                           "special.first_timestamp",
                           "timestamp_seconds",
                           "languages",
                           "suppress.always",
                           "suppress.begin",
                           "temperatures",
                           "thresholds.no_speech",
                           "thresholds.log_probability",
                           "thresholds.compression",
                           "encoder.module.path",
                           "encoder.module.bytes",
                           "decoder.module.sha256",
                           "tokens.path"}) {
    std::string at = std::string("/") + name;
    std::replace(at.begin(), at.end(), '.', '/');
    EXPECT_EQ(ComplaintWithout(at),
              std::string("speech.json: \"") + name + "\" is missing");
  }
}

TEST_F(SpeechBundleTest, NamesEachValueThatIsWrong) {
  EXPECT_EQ(ComplaintWith("/format", "vsa.speech/2"),
            "speech.json: format \"vsa.speech/2\" is not known to this version "
            "of vsa; expected \"vsa.speech/1\"");
  EXPECT_EQ(ComplaintWith("/name", ""),
            "speech.json: \"name\" must be a text that is not empty");
  EXPECT_EQ(ComplaintWith("/encoder/width", 0),
            "speech.json: \"encoder.width\" must be a whole number from 1 to "
            "100000");
  EXPECT_EQ(ComplaintWith("/decoder/vocabulary", "many"),
            "speech.json: \"decoder.vocabulary\" must be a whole number from 1 "
            "to 10000000");
  EXPECT_EQ(ComplaintWith("/decoder/max_tokens", 7),
            "speech.json: \"decoder.max_tokens\" must be a whole number from 8 "
            "to 448");
  for (const char* name : {"sot", "eot", "transcribe", "no_speech",
                           "no_timestamps", "first_timestamp"}) {
    EXPECT_EQ(ComplaintWith(std::string("/special/") + name, 1519),
              std::string("speech.json: \"special.") + name +
                  "\" must be a whole number from 0 to 1518");
  }
  EXPECT_EQ(ComplaintWith("/timestamp_seconds", 0),
            "speech.json: \"timestamp_seconds\" must be a number from 0.001 to "
            "1.0");
  EXPECT_EQ(ComplaintWith("/languages", {12, 13}),
            "speech.json: \"languages\" must be an object of tokens");
  EXPECT_EQ(ComplaintWith("/languages/en", -1),
            "speech.json: \"languages.en\" must be a whole number from 0 to "
            "1518");
  for (const json& wrong :
       {json(5), json(nullptr), json({{"a", 1}}), json({1, "2"}), json({1, 18}),
        json({1519}), json({-1}), json({1.5})}) {
    SCOPED_TRACE(wrong.dump());
    for (const std::string name : {"always", "begin"}) {
      EXPECT_EQ(ComplaintWith("/suppress/" + name, wrong),
                "speech.json: \"suppress." + name +
                    "\" must be a list of tokens before "
                    "\"special.first_timestamp\"");
    }
  }
  EXPECT_EQ(ComplaintWith("/suppress/always", {1, 3}),
            "speech.json: \"suppress.always\" must not hold \"special.eot\"");
  for (const std::string tag : {"", "EN", "e n", "../en", "en.srt"}) {
    EXPECT_EQ(ComplaintWith("/languages", {{tag, 12}}),
              "speech.json: \"languages\" must have tags such as en, not \"" +
                  tag + "\"");
  }
  for (const json& wrong : {json(0), json::array(), json({0, "1"}), json({-1}),
                            json({2.5}), json({{"a", 1}})}) {
    SCOPED_TRACE(wrong.dump());
    EXPECT_EQ(ComplaintWith("/temperatures", wrong),
              "speech.json: \"temperatures\" must be a list of numbers from 0 "
              "to 2");
  }
  EXPECT_EQ(ComplaintWith("/thresholds/no_speech", 1.5),
            "speech.json: \"thresholds.no_speech\" must be a number from 0.0 "
            "to 1.0");
  EXPECT_EQ(ComplaintWith("/thresholds/log_probability", 1),
            "speech.json: \"thresholds.log_probability\" must be a number from "
            "-100.0 to 0.0");
  EXPECT_EQ(ComplaintWith("/thresholds/compression", nullptr),
            "speech.json: \"thresholds.compression\" must be a number from 1.0 "
            "to 1000.0");
  EXPECT_EQ(ComplaintWith("/encoder/module/path", "/encoder.pt"),
            "speech.json: \"encoder.module.path\" must be relative to the "
            "bundle");
  EXPECT_EQ(ComplaintWith("/tokens/sha256", "abc"),
            "speech.json: \"tokens.sha256\" must be 64 digits from 0 to f");
}

// Text is what lies before its end, times what lies behind all others: else
// what is said would be one of those.
TEST_F(SpeechBundleTest, NeedsItsTokensInTheOrderOfAWhisper) {
  const std::string before =
      "speech.json: \"special.first_timestamp\" must be greater than the other "
      "special tokens and languages";
  const std::string behind =
      "speech.json: \"special.eot\" must be less than the other special tokens "
      "and languages";
  const std::string once =
      " stands for two special tokens or languages; expected one";
  const std::string times =
      "speech.json: the tokens from \"special.first_timestamp\" on, "
      "\"timestamp_seconds\" apart, must be the times from 0 to 30 s";
  const struct {
    const char* at;
    json value;
    std::string complaint;
  } kCases[] = {
      {"/special/first_timestamp", 10, before},
      {"/special/first_timestamp", 17, before},
      {"/languages/en", 50, before},
      {"/special/no_speech", 1000, before},
      {"/special/eot", 11, behind},
      {"/special/eot", 13, behind},
      {"/special/sot", 2, behind},
      {"/special/transcribe", 0, behind},
      {"/languages/zh", 3, behind},
      {"/languages/zh", 12, "speech.json: token 12" + once},
      {"/special/sot", 17, "speech.json: token 17" + once},
      {"/special/first_timestamp", 19, times},
      {"/special/first_timestamp", 1518, times},
      {"/decoder/vocabulary", 1520, times},
      {"/timestamp_seconds", 0.05, times},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(ComplaintWith(one.at, one.value), one.complaint)
        << one.at << one.value;
  }
}

TEST_F(SpeechBundleTest, MustBeThereAndJson) {
  EXPECT_EQ(ComplaintOf([this] { LoadSpeechBundle(folder_); }),
            "speech.json: cannot be opened: No such file or directory");
  const std::string none = (folder_ / "none").string();
  EXPECT_EQ(ComplaintOf([&] { LoadSpeechBundle(none); }),
            "none: is not a folder; expected a speech bundle");
  Write("speech.json", "{\n\"format\": 1,\n}");
  EXPECT_EQ(ComplaintOf([this] { LoadSpeechBundle(folder_); }),
            "speech.json:3: is not JSON");
}

TEST_F(SpeechBundleTest, RefusesAFileThatIsMissingOrOfAnotherSize) {
  Write("decoder.pt", "the decoder!");
  EXPECT_EQ(Complaint(),
            "decoder.pt: is not the file that speech.json names: it has 12 "
            "bytes, expected 11");
  fs::remove(folder_ / "decoder.pt");
  EXPECT_EQ(Complaint(),
            "decoder.pt: cannot be opened: No such file or directory");
}

TEST_F(SpeechBundleTest, RefusesAFileThatWasAlteredWhenItIsUsed) {
  const SpeechBundle bundle = Load();
  Write("tokens.txt", "SGVsbG8=\nIQ==\nIHlvdA==\n");
  EXPECT_EQ(ComplaintOf([&] { ReadSpeechTokens(bundle); }),
            "tokens.txt: is not the file that speech.json names: its SHA-256 "
            "is " +
                Sha256("SGVsbG8=\nIQ==\nIHlvdA==\n") + ", expected " +
                bundle.tokens.sha256);
}

TEST_F(SpeechBundleTest, HasTokensOfAnyBytesAndLength) {
  EXPECT_THAT(TokensOf("YQ==\nYWI=\nYWJj\n\nAAD/\nAA==\n", 6),
              ElementsAre("a", "ab", "abc", "", std::string("\0\0\xFF", 3),
                          std::string("\0", 1)));
  EXPECT_THAT(TokensOf("YQ==\nYg==", 2), ElementsAre("a", "b"));
  EXPECT_THAT(TokensOf("", 0), IsEmpty());
}

TEST_F(SpeechBundleTest, NeedsEachTokenOfText) {
  const std::string expected =
      " tokens; expected 3, those before \"special.eot\"";
  EXPECT_EQ(TokensComplaint(""), "tokens.txt: has 0" + expected);
  EXPECT_EQ(TokensComplaint("YQ==\nYg==\n"), "tokens.txt: has 2" + expected);
  EXPECT_EQ(TokensComplaint("YQ==\n\n\n\n"), "tokens.txt: has 4" + expected);
  EXPECT_EQ(TokensComplaint("YQ==\n\n\n"), "");
}

TEST_F(SpeechBundleTest, NamesALineThatIsNoToken) {
  const std::string reason = ": is not base64; expected a token";
  EXPECT_EQ(TokensComplaint("YQ==\nYWJ\nYg==\n"), "tokens.txt:2" + reason);
  for (const char* line : {"!!!!", "YQ=", "YQ==\r", "Hello", " YQ=", "YQ== YQ=",
                           "====", "YQ==YQ==", "    ", "Y===", "Y=Q="}) {
    EXPECT_EQ(TokensComplaint("YQ==\nYQ==\n" + std::string(line) + "\n"),
              "tokens.txt:3" + reason)
        << line;
  }
}

}  // namespace
}  // namespace vsa
