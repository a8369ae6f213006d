#include "keyframes_libav.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "video_opencv.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const fs::path kData = fs::path(VSA_SOURCE_DIR) / "tests/data/videos";

fs::path SharedVideos() {
  const char* shared = std::getenv("VSA_SHARED");
  return (shared != nullptr ? fs::path(shared)
                            : fs::path(VSA_SOURCE_DIR) / "../shared") /
         "data/videos";
}

struct Reading {
  std::map<Time, Image> frames;
  Time end{0};
  std::vector<std::string> warnings;
  std::string error;
};

Reading Read(std::unique_ptr<VideoReader> (*open)(const std::string&,
                                                  const Sampling&),
             const std::string& path, Sampling sampling) {
  Reading reading;
  try {
    const auto reader = open(path, sampling);
    Frame frame;
    while (reader->Next(&frame)) {
      EXPECT_TRUE(reading.frames.empty() ||
                  frame.time > reading.frames.rbegin()->first);
      reading.frames[frame.time] = std::move(frame.image);
    }
    reading.end = reader->end();
    for (const Warning& warning : reader->warnings())
      reading.warnings.push_back(warning.message);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    reading.error = error.what();
  }
  return reading;
}

Sampling Every() {
  Sampling sampling;
  sampling.fps = 1000;
  return sampling;
}

double MeanDifference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

void ExpectThoseOfEveryFrame(const std::string& path) {
  SCOPED_TRACE(path);
  const Reading every = Read(OpenVideo, path, Every());
  const Reading keyframes = Read(OpenKeyframes, path, Every());
  ASSERT_EQ(keyframes.error, every.error);
  EXPECT_FALSE(keyframes.frames.empty());
  for (const auto& [time, image] : keyframes.frames) {
    // OpenCV counts in milliseconds, and in double.
    const auto same = every.frames.lower_bound(time - Time(1000));
    ASSERT_NE(same, every.frames.end()) << time.count();
    EXPECT_LE(same->first, time + Time(1000));
    EXPECT_EQ(MeanDifference(image, same->second), 0) << time.count();
  }
  EXPECT_NEAR(static_cast<double>(keyframes.end.count()),
              static_cast<double>(every.end.count()), 100000);
}

TEST(Keyframes, AreThoseOfEveryFrameToThePixel) {
  for (const char* name : {"mdn_friday.mp4"})
    ExpectThoseOfEveryFrame((kData / name).string());
}

TEST(Keyframes, AreThoseOfEveryFrameInOtherContainersAndCodecs) {
  if (!fs::exists(SharedVideos()))
    GTEST_SKIP() << SharedVideos() << " is not there";
  for (const fs::directory_entry& entry :
       fs::directory_iterator(SharedVideos())) {
    if (entry.path().extension() == ".tsv" ||
        entry.path().extension() == ".vtt")
      continue;
    ExpectThoseOfEveryFrame(entry.path().string());
  }
}

TEST(Keyframes, OfAStretchAreThoseOfTheWhole) {
  const std::string path = (kData / "mdn_friday.mp4").string();
  const Reading whole = Read(OpenKeyframes, path, Every());
  Sampling stretch = Every();
  stretch.start = std::chrono::milliseconds(1);
  stretch.end = std::chrono::milliseconds(5000);
  const Reading part = Read(OpenKeyframes, path, stretch);
  EXPECT_EQ(part.frames.count(Time(0)), 0u);
  for (const auto& [time, image] : part.frames) {
    EXPECT_LT(time, *stretch.end);
    EXPECT_EQ(image.pixels, whole.frames.at(time).pixels);
  }
  EXPECT_THAT(part.warnings, IsEmpty());
}

TEST(Keyframes, OfNoVideoAreAnError) {
  EXPECT_EQ(Read(OpenKeyframes, "missing.mp4", {}).error,
            "missing.mp4: no such file; expected a video");
}

}  // namespace
}  // namespace vsa
