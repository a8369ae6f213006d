#include "backends/media/face_opencv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "backends/media/libraries.h"
#include "backends/media/video_libav.h"
#include "base/file.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path kRoot = VSA_SOURCE_DIR;
const std::string kSample = (kRoot / "samples/sample.mp4").string();

// The bundle's detector, or the one it comes from; empty if both are absent.
std::string Detector() {
  const char* shared = std::getenv("VSA_SHARED");
  for (const fs::path& path :
       {kRoot / "models/faces/face_detector.onnx",
        (shared != nullptr ? fs::path(shared) : kRoot / "../shared") /
            "data/face-detectors/face_detection_yunet_2022mar.onnx"}) {
    if (fs::exists(path)) return path.string();
  }
  return "";
}

std::function<std::vector<Crop>(const Frame&)> CropperOf(
    const FrameSpec& spec) {
  return MakeCropper(spec, Detector(), ReadFile(Detector(), ErrorKind::kSetup));
}

FrameSpec Spec() {
  FrameSpec spec;
  spec.size = 96;
  spec.shrink_first = 48;
  spec.threshold = 0.75;
  spec.smallest_face = 32;
  spec.faces_per_frame = 4;
  return spec;
}

Frame FrameAt(const std::string& video, int milliseconds) {
  Sampling sampling;
  sampling.start = std::chrono::milliseconds(milliseconds);
  Frame frame;
  EXPECT_TRUE(OpenVideo(video, sampling)->Next(&frame));
  return frame;
}

Frame Grey(int width, int height) {
  Frame frame;
  frame.image = {width, height,
                 std::vector<std::uint8_t>(
                     static_cast<std::size_t>(width) * height * 3, 128)};
  return frame;
}

// `left` and `right` side by side, of one height.
Frame Beside(const Frame& left, const Frame& right) {
  Frame both = Grey(left.image.width + right.image.width, left.image.height);
  for (int y = 0; y < left.image.height; ++y) {
    auto to = both.image.pixels.begin() +
              static_cast<std::ptrdiff_t>(y) * both.image.width * 3;
    for (const Frame* frame : {&left, &right}) {
      const std::ptrdiff_t row =
          static_cast<std::ptrdiff_t>(frame->image.width) * 3;
      to = std::copy_n(frame->image.pixels.begin() + y * row, row, to);
    }
  }
  return both;
}

// An ONNX file in which OpenCV finds no fault: one layer, output "y".
std::string OtherNetwork() {
  const auto field = [](int number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2),
                       static_cast<char>(bytes.size())} +
           bytes;
  };
  const auto count = [](int number, int value) {
    return std::string{static_cast<char>(number << 3),
                       static_cast<char>(value)};
  };
  std::string shape;
  for (int side : {1, 3, 8, 8}) shape += field(1, count(1, side));
  const std::string type = field(1, count(1, 1) + field(2, shape));
  const std::string layer = field(1, "x") + field(2, "y") + field(4, "Relu");
  const std::string graph = field(1, layer) + field(2, "other") +
                            field(11, field(1, "x") + field(2, type)) +
                            field(12, field(1, "y") + field(2, type));
  return count(1, 7) + field(7, graph) + field(8, count(2, 11));
}

class Faces : public testing::Test {
 protected:
  void SetUp() override {
    ConfigureLibraries();
    if (Detector().empty())
      GTEST_SKIP()
          << "neither the bundle's detector nor ../shared/data is there";
  }
};

TEST_F(Faces, OfThePortraitIsFoundWhereItIs) {
  const std::vector<Crop> crops = CropperOf(Spec())(FrameAt(kSample, 1000));
  ASSERT_THAT(crops, SizeIs(1));
  EXPECT_NEAR(crops[0].x, 211, 8);
  EXPECT_NEAR(crops[0].y, 72, 8);
  EXPECT_NEAR(crops[0].width, 132, 10);
  EXPECT_NEAR(crops[0].height, 155, 14);
  EXPECT_GT(crops[0].score, 0.9);
  EXPECT_EQ(crops[0].weight, 1);
  EXPECT_EQ(crops[0].image.width, 96);
  EXPECT_THAT(crops[0].image.pixels, SizeIs(96 * 96 * 3));
}

TEST_F(Faces, AreRgb) {
  const Crop crop = CropperOf(Spec())(FrameAt(kSample, 1000)).at(0);
  const std::size_t cheek = (60 * 96 + 48) * 3;
  EXPECT_GT(crop.image.pixels[cheek], crop.image.pixels[cheek + 2] + 20)
      << "skin is more red than blue";
}

TEST_F(Faces, AreNotSeenAmongStars) {
  const auto crops = CropperOf(Spec());
  for (int time : {4000, 5000, 6500})
    EXPECT_THAT(crops(FrameAt(kSample, time)), IsEmpty()) << time;
}

TEST_F(Faces, OfOneFrameShareItByTheirArea) {
  const Frame frame = Beside(FrameAt(kSample, 0), FrameAt(kSample, 8000));
  const std::vector<Crop> crops = CropperOf(Spec())(frame);
  ASSERT_THAT(crops, SizeIs(2));
  EXPECT_GT(crops[0].x, 640) << "the larger one is the first";
  EXPECT_NEAR(crops[0].weight + crops[1].weight, 1, 1e-6);
  EXPECT_NEAR(
      crops[0].weight / crops[1].weight,
      crops[0].width * crops[0].height / (crops[1].width * crops[1].height),
      1e-4);

  FrameSpec one = Spec();
  one.faces_per_frame = 1;
  const std::vector<Crop> largest = CropperOf(one)(frame);
  ASSERT_THAT(largest, SizeIs(1));
  EXPECT_EQ(largest[0].x, crops[0].x);
  EXPECT_EQ(largest[0].weight, 1);
}

TEST_F(Faces, ThatAreTooSmallAreIgnored) {
  FrameSpec spec = Spec();
  spec.smallest_face = 200;
  EXPECT_THAT(CropperOf(spec)(FrameAt(kSample, 1000)), IsEmpty());
}

TEST_F(Faces, AtTheEdgeAreFilledUp) {
  FrameSpec spec = Spec();
  spec.margin = 1.5;  // far over every edge
  const std::vector<Crop> crops = CropperOf(spec)(FrameAt(kSample, 11000));
  ASSERT_THAT(crops, SizeIs(1));
  const std::vector<std::uint8_t>& pixels = crops[0].image.pixels;
  for (int x = 0; x < 96 * 3; ++x)
    EXPECT_EQ(pixels[x], pixels[5 * 96 * 3 + x])
        << "the frame's upper row, repeated";
}

TEST_F(Faces, GiveTheSameBytesEachTime) {
  const Frame frame = FrameAt(kSample, 3000),
              other = FrameAt(
                  (kRoot / "tests/data/videos/mdn_friday.mp4").string(), 1000);
  const auto crops = CropperOf(Spec());
  const Crop first = crops(frame).at(0);
  crops(other);
  EXPECT_EQ(crops(frame).at(0).image.pixels, first.image.pixels);
  EXPECT_EQ(CropperOf(Spec())(frame).at(0).image.pixels, first.image.pixels);
}

TEST_F(Faces, FramesOfAnySizeAreLookedAt) {
  const auto crops = CropperOf(Spec());
  for (auto [width, height] : {std::pair(1, 1),
                               {60, 100},
                               {1, 2000},
                               {2000, 1},
                               {31, 33},
                               {417, 415},
                               {3840, 2160}}) {
    EXPECT_THAT(crops(Grey(width, height)), IsEmpty())
        << width << "x" << height;
  }
}

TEST(WholeFrames, AreSqueezed) {
  FrameSpec spec = Spec();
  spec.faces = false;
  spec.shrink_first = 0;
  Frame frame = Grey(400, 100);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 200; ++x)
      frame.image.pixels[(y * 400 + x) * 3] = 255;  // blue on the left
  }
  const std::vector<Crop> crops = MakeCropper(spec, "", "no detector")(frame);
  ASSERT_THAT(crops, SizeIs(1));
  EXPECT_EQ(crops[0].weight, 1);
  EXPECT_EQ(crops[0].width, 400);
  EXPECT_EQ(crops[0].image.pixels[2], 255);
  EXPECT_EQ(crops[0].image.pixels[95 * 3 + 2], 128);
}

TEST(Detector, ThatCannotBeUsedIsNamed) {
  ConfigureLibraries();
  const auto message = [&](const std::string& bytes) -> std::string {
    try {
      MakeCropper(Spec(), "broken.onnx", bytes);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kSetup);
      return error.what();
    }
    return "";
  };
  const std::string wrong =
      "broken.onnx: cannot be loaded as a face detector; expected YuNet as "
      "ONNX (2022mar)";
  testing::internal::CaptureStderr();
  EXPECT_EQ(message("no network"), wrong);
  EXPECT_EQ(message(""), wrong);
  if (!Detector().empty()) {
    const std::string whole = ReadFile(Detector(), ErrorKind::kSetup);
    EXPECT_EQ(message(whole.substr(0, whole.size() / 2)), wrong);
  }
  EXPECT_EQ(message(OtherNetwork()), wrong);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace vsa
