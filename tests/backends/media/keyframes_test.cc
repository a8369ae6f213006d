#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>

#include "backends/media/video_libav.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const std::string kFriday = VSA_SOURCE_DIR "/tests/data/videos/mdn_friday.mp4";

fs::path SharedVideos() {
  const char* shared = std::getenv("VSA_SHARED");
  return (shared != nullptr ? fs::path(shared)
                            : fs::path(VSA_SOURCE_DIR) / "../shared") /
         "data/videos";
}

struct Reading {
  Time end{0};
  std::vector<std::string> warnings;
  std::string error;
};

// Reads a video to its end or its error.
Reading Read(const std::string& path, const Sampling& sampling,
             const std::function<void(Frame)>& visit) {
  Reading reading;
  try {
    const auto reader = OpenVideo(path, sampling);
    for (Frame frame; reader->Next(&frame);) visit(std::move(frame));
    reading.end = reader->end();
    for (const Warning& warning : reader->warnings())
      reading.warnings.push_back(warning.code);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    reading.error = error.what();
  }
  return reading;
}

struct Keyframes : Reading {
  std::map<Time, Image> images;
};

Keyframes ReadKeyframes(const std::string& path, const Sampling& sampling) {
  Keyframes keyframes;
  Time last{-1};
  Sampling of_keyframes = sampling;
  of_keyframes.keyframes = true;
  static_cast<Reading&>(keyframes) = Read(path, of_keyframes, [&](Frame frame) {
    EXPECT_GT(frame.time, last);
    last = frame.time;
    keyframes.images[frame.time] = std::move(frame.image);
  });
  return keyframes;
}

// No frame is left out.
Sampling Every() {
  Sampling sampling;
  sampling.fps = 1000;
  return sampling;
}

void ExpectThoseOfEveryFrame(const std::string& path) {
  SCOPED_TRACE(path);
  const Keyframes keyframes = ReadKeyframes(path, Every());
  std::size_t found = 0;
  auto next = keyframes.images.begin();
  bool any = false;  // sound alone has none
  const Reading every = Read(path, Every(), [&](Frame frame) {
    any = true;
    // OpenCV counts in milliseconds, and in double.
    if (next == keyframes.images.end() || frame.time < next->first - Time(1000))
      return;
    EXPECT_LE(frame.time, next->first + Time(1000));
    EXPECT_EQ(frame.image.width, next->second.width);
    EXPECT_TRUE(frame.image.pixels == next->second.pixels)
        << next->first.count();
    ++found;
    ++next;
  });
  EXPECT_EQ(keyframes.error, every.error);
  EXPECT_EQ(found, keyframes.images.size());
  EXPECT_EQ(keyframes.images.empty(), !any);
  // Where pictures are damaged, what is not decoded is not known to be.
  if (every.warnings.empty()) {
    EXPECT_NEAR(static_cast<double>(keyframes.end.count()),
                static_cast<double>(every.end.count()), 100000);
    EXPECT_THAT(keyframes.warnings, IsEmpty());
  } else {
    EXPECT_GE(keyframes.end, every.end - Time(100000));
  }
}

TEST(Keyframes, AreThoseOfEveryFrameToThePixel) {
  ExpectThoseOfEveryFrame(kFriday);
}

TEST(Keyframes, AreThoseOfEveryFrameInOtherContainersAndCodecs) {
  if (!fs::exists(SharedVideos()))
    GTEST_SKIP() << SharedVideos() << " is not there";
  for (const fs::directory_entry& entry :
       fs::directory_iterator(SharedVideos())) {
    ExpectThoseOfEveryFrame(entry.path().string());
  }
}

TEST(Keyframes, OfAStretchAreThoseOfTheWhole) {
  const Keyframes whole = ReadKeyframes(kFriday, Every());
  Sampling stretch = Every();
  stretch.start = Time(1000);
  stretch.end = Time(5000000);
  const Keyframes part = ReadKeyframes(kFriday, stretch);
  std::map<Time, Image> expected(whole.images.lower_bound(stretch.start),
                                 whole.images.lower_bound(*stretch.end));
  ASSERT_FALSE(expected.empty());
  ASSERT_EQ(part.images.size(), expected.size());
  for (const auto& [time, image] : part.images)
    EXPECT_TRUE(image.pixels == expected.at(time).pixels) << time.count();
  EXPECT_THAT(part.warnings, IsEmpty());
}

TEST(Keyframes, AreNoneAfterTheLast) {
  Sampling stretch = Every();
  stretch.start = Time(6000000);
  const Keyframes keyframes = ReadKeyframes(kFriday, stretch);
  EXPECT_EQ(keyframes.error, "");
  EXPECT_TRUE(keyframes.images.empty());
  EXPECT_EQ(keyframes.end, ReadKeyframes(kFriday, Every()).end);
}

TEST(Keyframes, OfNoVideoAreAnError) {
  EXPECT_EQ(ReadKeyframes("missing.mp4", {}).error,
            "missing.mp4: no such file; expected a video");
}

}  // namespace
}  // namespace vsa
