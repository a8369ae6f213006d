// The tiny bundle through libtorch: every figure that Python computed, and what
// a wrong module is refused for.
#include "backends/torch/model_torch.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>

#include "vsa/error.h"
#include "vsa/modality.h"

namespace vsa {
namespace {

using nlohmann::json;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

const std::string kTiny = VSA_SOURCE_DIR "/tests/data/tiny-bundle";
constexpr float kTolerance = 1e-4f;     // fp32 of two libraries
constexpr float kBf16Tolerance = 0.1f;  // bf16 keeps 8 bits of 24

using Vector = std::vector<float>;

class TinyModelTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    golden_ = new json(json::parse(std::ifstream(kTiny + "/golden.json")));
    bundle_ = new Bundle(LoadBundle(kTiny));
    model_ = new LazyModel(*bundle_, DType::kFp32, TorchLoaders);
  }
  static void TearDownTestSuite() {
    delete model_;
    delete bundle_;
    delete golden_;
  }

  static std::vector<Image> Pictures() {
    std::vector<Image> pictures;
    for (const json& picture : (*golden_)["encode_frames"]["pictures"]) {
      const int side = bundle_->frames.size, factor = picture["factor"],
                offset = picture["offset"];
      Image image{
          side, side,
          std::vector<std::uint8_t>(static_cast<std::size_t>(side) * side * 3)};
      for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        image.pixels[i] =
            static_cast<std::uint8_t>((i * static_cast<std::size_t>(factor) +
                                       static_cast<std::size_t>(offset)) %
                                      256);
      }
      pictures.push_back(std::move(image));
    }
    return pictures;
  }

  static std::vector<Vector> EncodePictures(const Model& model) {
    const std::vector<Image> pictures = Pictures();
    std::vector<const Image*> pointers;
    for (const Image& picture : pictures) pointers.push_back(&picture);
    return model.EncodeFrames(pointers);
  }

  static void ExpectNear(const std::vector<Vector>& found, const json& expected,
                         float tolerance) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_THAT(found[i],
                  Pointwise(FloatNear(tolerance), expected[i].get<Vector>()))
          << "row " << i;
    }
  }

  static json* golden_;
  static Bundle* bundle_;
  static Model* model_;
};

json* TinyModelTest::golden_ = nullptr;
Bundle* TinyModelTest::bundle_ = nullptr;
Model* TinyModelTest::model_ = nullptr;

TEST_F(TinyModelTest, EncodesTextsAsPythonDid) {
  const json& golden = (*golden_)["encode_text"];
  ExpectNear(model_->EncodeText(golden["ids"]), golden["output"], kTolerance);
}

TEST_F(TinyModelTest, EncodesPicturesAsPythonDid) {
  ExpectNear(EncodePictures(*model_), (*golden_)["encode_frames"]["output"],
             kTolerance);
}

TEST_F(TinyModelTest, FusesAsPythonDid) {
  const std::vector<Vector> texts = (*golden_)["encode_text"]["output"];
  const std::vector<Vector> faces = (*golden_)["encode_frames"]["output"];
  std::vector<Evidence> evidence;
  for (const json& one : (*golden_)["fuse"]) {
    Evidence row(kModalities.size());
    if (!one["text"].is_null())
      row[kText] = {{texts[one["text"].get<std::size_t>()]}, {1}};
    for (const json& face : one["faces"])
      row[kFrames].vectors.push_back(faces[face.get<std::size_t>()]);
    row[kFrames].weights = one["weights"].get<Vector>();
    evidence.push_back(std::move(row));
  }
  const std::vector<FusionOutput> outputs = model_->Fuse(evidence);
  ASSERT_EQ(outputs.size(), evidence.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const json& expected = (*golden_)["fuse"][i]["output"];
    EXPECT_THAT(outputs[i].sentiment_logits,
                Pointwise(FloatNear(kTolerance),
                          expected["sentiment_logits"].get<Vector>()))
        << i;
    EXPECT_NEAR(outputs[i].intensity, expected["intensity"].get<float>(),
                kTolerance)
        << i;
    EXPECT_THAT(outputs[i].emotion_logits,
                Pointwise(FloatNear(kTolerance),
                          expected["emotion_logits"].get<Vector>()))
        << i;
  }
}

TEST_F(TinyModelTest, Bf16StaysNear) {
  const LazyModel bf16(*bundle_, DType::kBf16, TorchLoaders);
  const json& golden = (*golden_)["encode_text"];
  ExpectNear(bf16.EncodeText(golden["ids"]), golden["output"], kBf16Tolerance);
}

TEST_F(TinyModelTest, TheSameCallGivesTheSameBits) {
  const json& golden = (*golden_)["encode_text"];
  EXPECT_EQ(model_->EncodeText(golden["ids"]),
            model_->EncodeText(golden["ids"]));
  EXPECT_EQ(EncodePictures(*model_), EncodePictures(*model_));
}

TEST_F(TinyModelTest, NothingInIsNothingOut) {
  EXPECT_TRUE(model_->EncodeText({}).empty());
  EXPECT_TRUE(model_->EncodeFrames({}).empty());
  EXPECT_TRUE(model_->Fuse({}).empty());
}

// What a call says of a part that breaks the contract, after the folder.
template <typename Call>
std::string Complaint(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSetup);
    const std::string message = error.what();
    EXPECT_EQ(message.rfind(kTiny + "/", 0), 0u) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
    return message.substr(kTiny.size() + 1);
  }
  return "";
}

void Check(const Bundle& bundle) {
  LazyModel(bundle, DType::kFp32, TorchLoaders).Check();
}

TEST_F(TinyModelTest, CheckingLoadsEveryPart) {
  EXPECT_EQ(Complaint([] { Check(*bundle_); }), "");
  Bundle wrong = *bundle_;
  wrong.fusion_module = bundle_->text_module;
  EXPECT_EQ(Complaint([&] { Check(wrong); }),
            "text.pt: breaks the contract of a bundle: it has no method fuse");
}

TEST_F(TinyModelTest, RefusesAFileThatIsNoTorchScript) {
  Bundle wrong = *bundle_;
  wrong.frames_module = bundle_->vocabulary;
  EXPECT_THAT(Complaint([&] { Check(wrong); }),
              testing::StartsWith("vocab.txt: "));
}

TEST_F(TinyModelTest, RefusesATextPartOfAnotherWidth) {
  Bundle wrong = *bundle_;
  wrong.text.width = 33;
  EXPECT_EQ(Complaint([&] { Check(wrong); }),
            "text.pt: breaks the contract of a bundle: encode gave Float "
            "[1,32], expected Float [1,33]");
}

TEST_F(TinyModelTest, RefusesAPartInThePlaceOfAnother) {
  Bundle wrong = *bundle_;
  wrong.frames_module = bundle_->text_module;
  EXPECT_EQ(Complaint([&] { Check(wrong); }),
            "text.pt: breaks the contract of a bundle: encode is (Tensor, "
            "Tensor) -> Tensor, expected (Tensor) -> Tensor");
}

}  // namespace
}  // namespace vsa
