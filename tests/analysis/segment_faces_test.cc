#include "analysis/segment_faces.h"

#include <gmock/gmock.h>

namespace vsa {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

struct Face {
  int number = 0;  // of its frame
  float weight = 1;
};

SeenFrame<Face> Frame(int number, const std::vector<float>& weights) {
  SeenFrame<Face> frame{seconds(number), {}};
  for (const float weight : weights) frame.faces.push_back({number, weight});
  return frame;
}

std::vector<int> NumbersOf(const SeenSegment<Face>& seen) {
  std::vector<int> numbers;
  for (const Face& face : seen.faces) numbers.push_back(face.number);
  return numbers;
}

// Of a segment of `count` frames with a face each; gathered every `step`.
std::vector<int> Kept(int count, int step) {
  FacesBySegment<Face> faces(std::nullopt);
  for (int i = 0; i < count; ++i) {
    faces.Add({Frame(i, {1})});
    if (i % step == 0) faces.Gather(seconds(i));
  }
  const SeenSegment<Face> taken = faces.Take({seconds(0), seconds(count), ""});
  EXPECT_EQ(taken.frames, count);
  return NumbersOf(taken);
}

TEST(FacesBySegment, AllFacesAreKeptUpTo400) {
  EXPECT_THAT(Kept(400, 7), SizeIs(400));
  EXPECT_THAT(Kept(401, 7), SizeIs(400));
}

TEST(FacesBySegment, OfManyEqualOnesThoseKeptLieEvenly) {
  std::vector<int> every_second;
  for (int i = 0; i < 800; i += 2) every_second.push_back(i);
  EXPECT_EQ(Kept(800, 7), every_second);
  const std::vector<int> kept = Kept(3001, 7);
  ASSERT_THAT(kept, SizeIs(400));
  for (int tenth = 0; tenth < 10; ++tenth) {
    EXPECT_NEAR(std::count_if(kept.begin(), kept.end(),
                              [&](int i) { return i / 300 == tenth; }),
                40, 3);
  }
}

TEST(FacesBySegment, WhatIsKeptDoesNotDependOnWhenItIsGathered) {
  EXPECT_EQ(Kept(3001, 1), Kept(3001, 10000));
}

TEST(FacesBySegment, TheHeaviestAreKeptInOrderOfTime) {
  FacesBySegment<Face> faces(std::nullopt);
  for (int i = 0; i < 600; ++i)
    faces.Add({Frame(i, {i % 3 == 0 ? 0.25f : 0.75f, 0.125f})});
  const SeenSegment<Face> taken = faces.Take({seconds(0), seconds(600), ""});
  std::vector<int> expected;
  for (int i = 0; i < 600; ++i)
    if (i % 3 != 0) expected.push_back(i);
  EXPECT_EQ(NumbersOf(taken), expected);
  EXPECT_THAT(taken.faces, SizeIs(400));
  EXPECT_THAT(taken.faces, Each(Field(&Face::weight, 0.75f)));
}

TEST(FacesBySegment, ASegmentBeginsWithoutTheFacesOfTheOneBefore) {
  FacesBySegment<Face> faces(std::nullopt);
  for (int i = 0; i < 6; ++i) faces.Add({Frame(i, {1})});
  EXPECT_THAT(NumbersOf(faces.Take({seconds(0), seconds(2), ""})),
              ElementsAre(0, 1));
  faces.Gather(seconds(4));
  EXPECT_THAT(NumbersOf(faces.Take({seconds(2), seconds(5), ""})),
              ElementsAre(2, 3, 4));
}

// The last frame of a segment that keeps few of its faces is whole for the next
// one.
TEST(FacesBySegment, TheNearestFrameIsWhole) {
  FacesBySegment<Face> faces(seconds(2));
  for (int i = 0; i < 402; ++i) {
    faces.Add({Frame(i, {i == 401 ? 0.5f : 1})});
    faces.Gather(seconds(i));
  }
  EXPECT_EQ(NumbersOf(faces.Take({seconds(0), seconds(402), ""})).back(), 400);
  const SeenSegment<Face> next = faces.Take({seconds(402), seconds(403), ""});
  EXPECT_THAT(NumbersOf(next), ElementsAre(401));
  EXPECT_EQ(next.frames, 1);
  EXPECT_THAT(NumbersOf(faces.Take({seconds(404), seconds(405), ""})),
              IsEmpty());
}

}  // namespace
}  // namespace vsa
