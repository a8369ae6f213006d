#include "analysis/segment_faces.h"

#include <gmock/gmock.h>

namespace vsa {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A face's vector is its frame's number.
EncodedFrame Frame(int number, std::vector<float> weights) {
  EncodedFrame frame;
  frame.time = seconds(number);
  for (const float weight : weights) {
    frame.vectors.push_back({static_cast<float>(number)});
    frame.weights.push_back(weight);
    frame.sources.push_back({frame.time, weight, 0, 1, 1});
  }
  return frame;
}

std::vector<int> NumbersOf(const SegmentFaces& faces) {
  std::vector<int> numbers;
  for (const auto& vector : faces.evidence.vectors)
    numbers.push_back(static_cast<int>(vector[0]));
  return numbers;
}

// Of a segment of `count` frames with a face each; gathered every `step`.
std::vector<int> Kept(int count, int step) {
  FacesBySegment faces(std::nullopt);
  for (int i = 0; i < count; ++i) {
    faces.Add({Frame(i, {1})});
    if (i % step == 0) faces.Gather(seconds(i));
  }
  const SegmentFaces taken = faces.Take({seconds(0), seconds(count), ""});
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
  FacesBySegment faces(std::nullopt);
  for (int i = 0; i < 600; ++i)
    faces.Add({Frame(i, {i % 3 == 0 ? 0.25f : 0.75f, 0.125f})});
  const SegmentFaces taken = faces.Take({seconds(0), seconds(600), ""});
  std::vector<int> expected;
  for (int i = 0; i < 600; ++i)
    if (i % 3 != 0) expected.push_back(i);
  EXPECT_EQ(NumbersOf(taken), expected);
  EXPECT_THAT(taken.evidence.weights, Each(0.75f));
  ASSERT_THAT(taken.sources, SizeIs(400));
  EXPECT_EQ(taken.sources[1].time, seconds(2));
}

TEST(FacesBySegment, ASegmentBeginsWithoutTheFacesOfTheOneBefore) {
  FacesBySegment faces(std::nullopt);
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
  FacesBySegment faces(seconds(2));
  for (int i = 0; i < 402; ++i) {
    faces.Add({Frame(i, {i == 401 ? 0.5f : 1})});
    faces.Gather(seconds(i));
  }
  EXPECT_EQ(NumbersOf(faces.Take({seconds(0), seconds(402), ""})).back(), 400);
  const SegmentFaces next = faces.Take({seconds(402), seconds(403), ""});
  EXPECT_THAT(NumbersOf(next), ElementsAre(401));
  EXPECT_EQ(next.frames, 1);
  EXPECT_THAT(NumbersOf(faces.Take({seconds(404), seconds(405), ""})),
              IsEmpty());
}

}  // namespace
}  // namespace vsa
