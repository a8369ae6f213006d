#include "analysis/frame_encoder.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>

#include "tests/analysis/fakes.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using testing::Each;
using testing::ElementsAreArray;
using testing::Le;

// A model whose earlier batches take longer than later ones.
class UnevenModel : public FakeModel {
 public:
  std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const override {
    std::this_thread::sleep_for(
        std::chrono::milliseconds(3 * (++calls_ % 3 == 1)));
    return FakeModel::EncodeFrames(images);
  }

 private:
  mutable std::atomic<int> calls_{0};
};

// Frames with 0 to 20 crops, whose first bytes are `frame + crop`.
std::vector<CroppedFrame> Frames(int count) {
  std::mt19937 random(7);
  std::vector<CroppedFrame> frames;
  for (int i = 0; i < count; ++i) {
    CroppedFrame frame{std::chrono::seconds(i), {}};
    for (std::size_t c = 0; c < random() % 21; ++c) {
      Crop crop;
      crop.image = {2, 1, std::vector<std::uint8_t>(6)};
      crop.image.pixels[0] = static_cast<std::uint8_t>(i + static_cast<int>(c));
      frame.crops.push_back(std::move(crop));
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

// The times of the frames that come out together, those of End last, and
// whether each has the vectors of its own crops.
std::vector<std::vector<Time>> Groups(const std::vector<CroppedFrame>& frames,
                                      int workers,
                                      std::vector<std::size_t>* batches) {
  std::vector<std::vector<Time>> groups;
  UnevenModel model;
  TaskPool pool(workers);
  FrameEncoder encoder(&model, &pool);
  const auto look = [&](const std::vector<EncodedFrame>& ready) {
    groups.emplace_back();
    for (const EncodedFrame& frame : ready) {
      groups.back().push_back(frame.time);
      const auto number =
          static_cast<std::size_t>(frame.time.count() / 1000000);
      ASSERT_EQ(frame.faces.size(), frames[number].crops.size());
      for (std::size_t c = 0; c < frame.faces.size(); ++c)
        EXPECT_EQ(frame.faces[c].vector[0],
                  frames[number].crops[c].image.pixels[0]);
    }
  };
  for (const CroppedFrame& frame : frames) {
    encoder.Add(frame);
    while (auto ready = encoder.Take(/*wait=*/false)) look(*ready);
  }
  while (auto ready = encoder.Take(/*wait=*/true)) look(*ready);
  look(encoder.End());
  *batches = model.frame_batches_;
  return groups;
}

TEST(FrameEncoderTest, WhatComesOutTogetherDoesNotDependOnTheWorkers) {
  const std::vector<CroppedFrame> frames = Frames(100);
  // What one thread gives that encodes each full batch at once.
  std::vector<std::vector<Time>> expected(1);
  std::size_t crops = 0, first = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    crops += frames[i].crops.size();
    std::size_t done = 0, end = first;
    for (std::size_t j = 0; j < first; ++j) done += frames[j].crops.size();
    while (end <= i && done + frames[end].crops.size() <= crops / 16 * 16)
      done += frames[end++].crops.size();
    for (; first < end; ++first) expected.back().push_back(frames[first].time);
    if (!expected.back().empty()) expected.emplace_back();
  }
  for (; first < frames.size(); ++first)
    expected.back().push_back(frames[first].time);

  for (const int workers : {1, 2, 7}) {
    std::vector<std::size_t> batches;
    EXPECT_THAT(Groups(frames, workers, &batches), ElementsAreArray(expected))
        << workers;
    EXPECT_EQ(batches.size(), (crops + 15) / 16);
    EXPECT_THAT(batches, Each(Le(16u)));
  }
}

TEST(FrameEncoderTest, WhatTheModelThrowsIsThrownByTake) {
  class Broken : public FakeModel {
    std::vector<std::vector<float>> EncodeFrames(
        const std::vector<const Image*>&) const override {
      throw Error(ErrorKind::kSetup, "frames.pt: no such file");
    }
  } model;
  TaskPool pool(2);
  FrameEncoder encoder(&model, &pool);
  for (const CroppedFrame& frame : Frames(10)) encoder.Add(frame);
  EXPECT_THROW(encoder.Take(/*wait=*/true), Error);
}

}  // namespace
}  // namespace vsa
