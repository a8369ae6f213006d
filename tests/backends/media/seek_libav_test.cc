#include "backends/media/seek_libav.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/base/temporary_folder.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// 30 frames a second, keyframes at 0, 1.167, 2.333, 3.5, 4.667 and 5.833 s.
const std::string kFriday = VSA_SOURCE_DIR "/tests/data/videos/mdn_friday.mp4";

// Where the seek point for 5 s lies, in seconds; 0 if there is none.
double PointFor5s(const std::string& path) {
  const auto point = FindSeekPoint(path, milliseconds(5000), 16);
  return point ? std::chrono::duration<double>(point->frames.front()).count()
               : 0;
}

class SeekPoints : public TemporaryFolder {};

TEST_F(SeekPoints, AreTheLastKeyframeFarEnoughBefore) {
  const auto near = FindSeekPoint(kFriday, milliseconds(5000), 10);
  ASSERT_TRUE(near);
  EXPECT_EQ(near->frames.front(), Time(4666667));
  EXPECT_EQ(near->frames.back(), Time(4966667));
  EXPECT_EQ(near->frames.size(), 10u);
  EXPECT_EQ(PointFor5s(kFriday), 3.5);
  const auto end = FindSeekPoint(kFriday, milliseconds(60000), 1);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->frames.front(), Time(5833333));
  EXPECT_EQ(end->frames.size(), 10u);
}

TEST_F(SeekPoints, AreNotTheFirstKeyframe) {
  EXPECT_FALSE(FindSeekPoint(kFriday, milliseconds(1100), 1));
  EXPECT_FALSE(FindSeekPoint(kFriday, milliseconds(1500), 16));
}

TEST_F(SeekPoints, AreNoneWherePacketsAreDamaged) {
  std::string video = Contents(kFriday);
  EXPECT_EQ(PointFor5s(Write("whole.mp4", video)), 3.5);
  for (std::size_t i = 150000; i < 400000; i += 7)
    video[i] = static_cast<char>(i * 31);
  EXPECT_EQ(PointFor5s(Write("damaged.mp4", video)), 0);
  EXPECT_EQ(PointFor5s(Write("cut.mp4", video.substr(0, 300000))), 0);
}

TEST_F(SeekPoints, AreSureInSharedVideosOfSoundKinds) {
  const char* shared = std::getenv("VSA_SHARED");
  const fs::path videos =
      (shared != nullptr ? fs::path(shared)
                         : fs::path(VSA_SOURCE_DIR) / "../shared") /
      "data/videos";
  if (!fs::exists(videos)) GTEST_SKIP() << videos << " is not there";
  const auto point = [&](const char* file) {
    return PointFor5s((videos / file).string());
  };
  EXPECT_EQ(point("moviepy_old_test_video.mp4"), 4.2042);
  EXPECT_EQ(point("derived_friday_embedded_subs.mkv"), 3.5);
  EXPECT_EQ(point("imageio_cockatoo.mp4"), 3.8);
  EXPECT_EQ(point("moviepy_transparent.webm"), 4.267);
  EXPECT_EQ(point("moviepy_big_buck_bunny_0_30.webm"), 0.458);
  EXPECT_EQ(point("moviepy_old_clip1024.flv"), 0);  // no times in its index
  EXPECT_EQ(point("derived_xvid.avi"), 0);
  // Pictures that are not shown have the times of those that are.
  EXPECT_EQ(point("mdn_stream-of-water.webm"), 0);
}

}  // namespace
}  // namespace vsa
