#include "report/thumbnails.h"

#include <gtest/gtest.h>

#include "tests/analysis/fakes.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// Three frames of 2 by 1 pixels; "JPEG" is a frame's number.
ThumbnailTools Tools(Sampling* asked) {
  ThumbnailTools tools;
  tools.open_video = [asked](const std::string&, const Sampling& sampling) {
    *asked = sampling;
    return std::make_unique<FakeVideo>(
        std::vector<Time>{Time(1), Time(2), Time(3)}, Time(4));
  };
  tools.encode = [](const Frame& frame) {
    return std::to_string(frame.image.pixels[0]);
  };
  return tools;
}

Moment At(int start, int end) {
  Moment moment;
  moment.start = Time(start);
  moment.end = Time(end);
  return moment;
}

TEST(MakeThumbnail, TakesTheFrameWithTheLargestFace) {
  Sampling asked;
  ThumbnailTools tools = Tools(&asked);
  tools.crop = [](const Frame& frame) {
    Crop face;
    face.x = 0.5f;
    face.width = frame.image.pixels[0] == 1 ? 1.0f : 0.5f;
    face.height = 1;
    return std::vector<Crop>{face};
  };
  const Thumbnail thumbnail = MakeThumbnail("a.mp4", At(5, 9), tools);
  EXPECT_EQ(thumbnail.jpeg, "1");
  ASSERT_EQ(thumbnail.faces.size(), 1u);
  EXPECT_EQ(thumbnail.faces[0], (std::array<double, 4>{0.25, 0, 0.5, 1}));
  EXPECT_EQ(asked.start, Time(5));
  EXPECT_EQ(asked.end, Time(9));
}

TEST(MakeThumbnail, WithoutFacesTheFirstFrame) {
  Sampling asked;
  ThumbnailTools tools = Tools(&asked);
  EXPECT_EQ(MakeThumbnail("a.mp4", At(0, 9), tools).jpeg, "0");
  tools.crop = [](const Frame&) { return std::vector<Crop>(); };
  EXPECT_EQ(MakeThumbnail("a.mp4", At(0, 9), tools).jpeg, "0");
}

TEST(MakeThumbnail, TakesTheFrameOfTheDecidingFaceWithItsFaces) {
  Sampling asked;
  ThumbnailTools tools = Tools(&asked);
  tools.crop = [](const Frame&) -> std::vector<Crop> {
    ADD_FAILURE() << "faces are known";
    return {};
  };
  Moment moment = At(0, 9);
  moment.deciding = DecidingFrame{Time(7), {{0.5, 0, 0.25, 1}, {0, 0, 1, 1}}};
  const Thumbnail thumbnail = MakeThumbnail("a.mp4", moment, tools);
  EXPECT_EQ(thumbnail.faces, moment.deciding->faces);
  EXPECT_EQ(asked.start, Time(7));
  EXPECT_GE(asked.fps, 1000) << "so that no frame is passed over";
}

TEST(MakeThumbnail, AMomentWithoutAPictureIsAnError) {
  Sampling asked;
  ThumbnailTools tools = Tools(&asked);
  tools.open_video = [](const std::string&, const Sampling&) {
    return std::make_unique<FakeVideo>(std::vector<Time>(), Time(4));
  };
  EXPECT_THROW(MakeThumbnail("a.mp4", At(0, 9), tools), Error);
}

}  // namespace
}  // namespace vsa
