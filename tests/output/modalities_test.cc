// A modality more than there are: from its evidence to the JSON nothing but its
// entry in the list, its source and the model knows of it.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "analysis/analyze.h"
#include "output/result.h"
#include "tests/analysis/fakes.h"
#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr std::size_t kVoice = 2;

// Somebody speaks up to 3 s, and is heard in each whole second.
class VoiceSource : public EvidenceSource {
 public:
  ModalityEvidence Take(const Segment& segment,
                        const ModalityEvidence&) override {
    ModalityEvidence evidence;
    for (Time at = segment.start; at < std::min<Time>(segment.end, seconds(3));
         at += seconds(1)) {
      evidence.vectors.push_back({0.5});
      evidence.weights.push_back(1);
    }
    return evidence;
  }
};

// The intensity is 1 for words, -1 for faces and -0.5 for a voice, together.
class ThreeModel : public FakeModel {
 public:
  std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const override {
    std::vector<FusionOutput> outputs;
    for (const Evidence& one : evidence) {
      FusionOutput output;
      const float of[] = {1, -1, -0.5};
      for (std::size_t i = 0; i < 3; ++i)
        if (!one.at(i).vectors.empty()) output.intensity += of[i];
      output.sentiment_logits = {0, 0, output.intensity};
      output.shares = {{}, std::vector<float>(one[kFrames].vectors.size()), {}};
      voices_.push_back(one[kVoice].vectors.size());
      outputs.push_back(output);
    }
    return outputs;
  }

  mutable std::vector<std::size_t> voices_;
};

class ModalitiesTest : public TemporaryFolder {
 protected:
  ModalitiesTest() {
    judge_.text.max_tokens = 10;
    judge_.segments = {1.0, 10.0, {1.0, 0.25, 0.5}};
    judge_.languages = {"en"};
    judge_.tokenizer = &tokenizer_;
    judge_.model = &model_;
    judge_.modalities.push_back(
        {{"voice", "voice", "sound", true},
         [](const EvidenceInput&) { return std::make_unique<VoiceSource>(); }});
    engine_.open_video = [](const std::string&, const Sampling&) {
      std::vector<Time> times;
      for (int i = 0; i < 10; ++i) times.push_back(milliseconds(500 * i));
      return std::make_unique<FakeVideo>(times, seconds(5));
    };
    // A face in each frame from 4 s on.
    judge_.make_cropper = [] {
      return [](const Frame& frame) {
        std::vector<Crop> crops(frame.time < seconds(4) ? 0 : 1);
        for (Crop& crop : crops) crop.image = frame.image;
        return crops;
      };
    };
    item_.video = (folder_ / "a.mp4").string();
    item_.subtitles = Write("a.srt",
                            "1\n00:00:00,000 --> 00:00:01,500\nGood.\n\n"
                            "2\n00:00:04,000 --> 00:00:05,000\nBye.\n");
  }

  json Result() {
    return json::parse(FormatResult(Analyze(item_, engine_), {}));
  }

  FakeTokenizer tokenizer_;
  ThreeModel model_;
  Engine engine_;
  Judge& judge_ = engine_.judges.front();
  Item item_;
};

TEST_F(ModalitiesTest, AThirdOneReachesTheResult) {
  const json result = Result();
  EXPECT_EQ(result["modalities"].dump(),
            R"({"text":true,"visual":true,"voice":true})");
  ASSERT_EQ(result["segments"].size(), 3u);
  const auto segment = [&](int i) { return result["segments"][i]; };
  EXPECT_EQ(segment(0)["modalities"].dump(),
            R"({"text":true,"visual":false,"voice":true})");
  EXPECT_EQ(segment(0)["sentiment"]["intensity"], 0.5);
  // It is evidence by itself, and is told from the others.
  EXPECT_EQ(segment(1)["text"], "");
  EXPECT_EQ(segment(1)["modalities"].dump(),
            R"({"text":false,"visual":false,"voice":true})");
  EXPECT_EQ(segment(1)["sentiment"]["intensity"], -0.5);
  EXPECT_EQ(segment(2)["modalities"].dump(),
            R"({"text":true,"visual":true,"voice":false})");
  EXPECT_EQ(segment(2)["sentiment"]["intensity"], 0.0);
  EXPECT_THAT(model_.voices_, ElementsAre(2, 2, 0));
}

TEST_F(ModalitiesTest, AThirdOneWeighsWhatTheBundleSays) {
  // 1.5 s of words with 0.5, 2.5 s of a voice with -0.5 at half the weight, 1 s
  // of words and faces with 0.
  EXPECT_NEAR(Result()["sentiment"]["intensity"].get<double>(),
              (1.5 * 0.5 - 2.5 * 0.5 * 0.5) / (1.5 + 2.5 * 0.5 + 1), 1e-6);
}

TEST_F(ModalitiesTest, AThirdOneIsExplained) {
  item_.explain = true;
  const json result = Result();
  const json& explanation = result["segments"][0]["explanation"];
  EXPECT_EQ(explanation["voice"]["sentiment"]["intensity"], -0.5);
  EXPECT_EQ(explanation["voice"]["changed"]["intensity"], -0.5);
  EXPECT_EQ(explanation["text"]["changed"]["intensity"], 1.0);
  EXPECT_TRUE(explanation["visual"]["sentiment"].is_null());
  EXPECT_EQ(explanation["visual"]["changed"]["intensity"], 0.0);
}

}  // namespace
}  // namespace vsa
