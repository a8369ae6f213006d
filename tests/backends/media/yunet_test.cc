#include "backends/media/yunet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace vsa {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::IsEmpty;
using testing::SizeIs;

testing::Matcher<FoundFace> Is(float x, float y, float width, float height,
                               float score) {
  return testing::AllOf(testing::Field("x", &FoundFace::x, x),
                        testing::Field("y", &FoundFace::y, y),
                        testing::Field("width", &FoundFace::width, width),
                        testing::Field("height", &FoundFace::height, height),
                        testing::Field("score", &FoundFace::score, score));
}

struct Row {
  std::size_t number;
  float x, y, width, height;  // the first four of loc
  float conf, iou;
};

// What a network that gives these rows, and nothing else, finds.
std::vector<FoundFace> Decode(const YunetDecoder& decoder,
                              const std::vector<Row>& rows, float threshold) {
  std::vector<float> loc(decoder.rows() * 14), conf(decoder.rows() * 2),
      iou(decoder.rows());
  for (const Row& row : rows) {
    float* values = &loc[row.number * 14];
    for (float value : {row.x, row.y, row.width, row.height}) *values++ = value;
    conf[row.number * 2] = 1 - row.conf;
    conf[row.number * 2 + 1] = row.conf;
    iou[row.number] = row.iou;
  }
  return decoder.Decode(loc.data(), conf.data(), iou.data(), threshold);
}

TEST(Yunet, HasAsManyRowsAsTheNetwork) {
  EXPECT_EQ(YunetDecoder(320, 320).rows(), 5875);
  EXPECT_EQ(YunetDecoder(320, 180).rows(), 3210);
  EXPECT_EQ(YunetDecoder(320, 240).rows(), 4385);
}

// The rows above the threshold of two frames, and what OpenCV 4.6's
// FaceDetectorYN makes of them, to the bit.
TEST(Yunet, DecodesAsOpenCvDoes) {
  const YunetDecoder decoder(320, 180);
  // mdn_friday.mp4 at 4.5 s: three faces.
  EXPECT_THAT(
      Decode(decoder,
             {{560, 0.389106065f, 2.01143599f, 0.294053018f, 1.17850506f,
               0.983245969f, 1.20418644f},
              {563, -2.87883854f, 1.82365358f, 0.17858395f, 1.02583051f,
               0.930292428f, 0.394578874f},
              {680, 0.463715881f, -1.44223571f, 0.124556169f, 0.915405929f,
               0.99111408f, 1.35085094f},
              {683, -2.94143534f, -1.53627229f, -0.0309311971f, 0.833724856f,
               0.971237123f, 0.480820805f},
              {1253, -1.62540305f, 2.69352913f, -1.03009522f, 0.810662448f,
               0.80993408f, 0.551646173f},
              {1352, 0.695141435f, 2.81115651f, 0.0592866689f, 1.71505034f,
               0.564025223f, 0.866528034f},
              {1370, 1.9412291f, -1.19490898f, -0.885034978f, 0.870464027f,
               0.715519071f, 0.842640758f},
              {1373, -1.46800697f, -1.14154363f, -1.14691305f, 0.781304419f,
               0.705242693f, 1.30956936f},
              {1472, 0.601235807f, -0.965478182f, 0.0753472745f, 1.95416069f,
               0.510477483f, 1.05318999f},
              {2746, -0.920764923f, 0.22716853f, -1.21045351f, -0.223465785f,
               0.998276711f, 1.20645964f},
              {2856, 0.287026048f, 0.348861456f, -2.30584693f, -0.75116545f,
               0.86552316f, 0.672439277f},
              {2890, -0.0533127114f, -2.28737044f, -1.01129901f, 0.734376371f,
               0.681540549f, 0.783855438f}},
             0.6f),
      ElementsAre(
          Is(198.877655f, 25.4262867f, 28.3518009f, 30.6013069f, 0.999137998f),
          Is(125.777077f, 75.2307281f, 21.3993931f, 28.0591488f, 0.839787304f),
          Is(73.3683472f, 78.1490707f, 28.9221001f, 37.0627022f,
             0.730909884f)));
  // sample.mp4 at 8 s: one face.
  EXPECT_THAT(Decode(decoder,
                     {{3109, 1.17266345f, 4.15619087f, -0.0209568366f,
                       1.19185209f, 0.838287354f, 0.357957184f},
                      {3129, 1.09242702f, 0.972533345f, -0.152090937f,
                       1.20866275f, 0.999988794f, 1.43610692f},
                      {3131, -2.14398193f, 0.894523859f, -0.177301258f,
                       1.21018648f, 0.999747097f, 0.543409884f},
                      {3149, 1.09537959f, -2.42180276f, -0.218484193f,
                       1.15420914f, 0.999906182f, 0.526940882f},
                      {3151, -2.29706407f, -2.47725868f, -0.220712394f,
                       1.16000605f, 0.998465061f, 0.461893737f},
                      {3201, -0.254054636f, -1.32101572f, -1.36997533f,
                       -0.906053007f, 0.999939919f, 0.782668173f}},
                     0.5f),
              ElementsAre(Is(107.211807f, 28.2105446f, 94.550972f, 122.251549f,
                             0.999994397f)));
}

TEST(Yunet, ScoresByBothOutputsOfARow) {
  const YunetDecoder decoder(320, 320);
  const auto score = [&](float conf, float iou) {
    const auto faces = Decode(decoder, {{0, 0, 0, 0, 0, conf, iou}}, 0.1f);
    return faces.empty() ? 0 : faces[0].score;
  };
  EXPECT_THAT(score(0.81f, 0.25f), FloatEq(0.45f));
  EXPECT_THAT(score(0.81f, 1.75f), FloatEq(0.9f)) << "1 at most";
  EXPECT_EQ(score(0.81f, -0.25f), 0) << "0 at least";
  EXPECT_EQ(score(NAN, 1), 0);
}

TEST(Yunet, LeavesOutWhatScoresTheThreshold) {
  const YunetDecoder decoder(320, 320);
  EXPECT_THAT(Decode(decoder, {{0, 0, 0, 0, 0, 1, 0.25f}}, 0.5f), IsEmpty());
  EXPECT_THAT(Decode(decoder, {{0, 0, 0, 0, 0, 1, 0.26f}}, 0.5f), SizeIs(1));
}

TEST(Yunet, KeepsTheBestOfBoxesThatLieOnOneAnother) {
  const YunetDecoder decoder(320, 320);
  // Around one place: 10 and 16 pixels share .39 of their area, 10 and 24 .17.
  const Row small = {0, 0, 0, 0, 0, 1, 0.8f}, middle = {1, 0, 0, 0, 0, 1, 1},
            large = {2, 0, 0, 0, 0, 1, 0.9f};
  EXPECT_THAT(Decode(decoder, {small, middle}, 0.5f),
              ElementsAre(testing::Field(&FoundFace::score, 1)));
  EXPECT_THAT(Decode(decoder, {small, large}, 0.5f),
              ElementsAre(testing::Field(&FoundFace::width, FloatEq(24)),
                          testing::Field(&FoundFace::width, FloatEq(10))));
}

// 200 at most, then those apart from one another: here all that are.
TEST(Yunet, LooksAtNoMoreThanTheBest200) {
  const YunetDecoder decoder(320, 320);
  std::vector<Row> rows;
  for (std::size_t place = 0; place < 300; ++place)  // 8 pixels apart, 4 wide
    rows.push_back({place * 3, 0, 0, 10 * std::log(0.4f), 5 * std::log(0.4f), 1,
                    1 - static_cast<float>(place) / 1000});
  const std::vector<FoundFace> faces = Decode(decoder, rows, 0.5f);
  ASSERT_THAT(faces, SizeIs(200));
  EXPECT_EQ(faces.front().score, 1);
  EXPECT_THAT(faces.back().score, FloatEq(std::sqrt(1 - 0.199f)));
}

}  // namespace
}  // namespace vsa
