#include "backends/media/video_libav.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <string_view>
#include <tuple>

#include "backends/media/libraries.h"
#include "backends/media/probe_libav.h"
#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const fs::path kData = fs::path(VSA_SOURCE_DIR) / "tests/data/videos";
const std::string kFriday =
    (kData / "mdn_friday.mp4").string();  // 185 frames, 30 a second

fs::path SharedVideos() {
  const char* shared = std::getenv("VSA_SHARED");
  return (shared != nullptr ? fs::path(shared)
                            : fs::path(VSA_SOURCE_DIR) / "../shared") /
         "data/videos";
}

Sampling Fps(double fps) {
  Sampling sampling;
  sampling.fps = fps;
  return sampling;
}

struct Reading {
  std::string error;
  std::vector<Time> times;
  int width = 0, height = 0;  // of the last frame
  std::size_t pixels = 0;     // a hash of those of all
  Time end{0};
  Time media_end{0};
  std::vector<Warning> warnings;
  VideoInfo info;
};

Reading Read(const std::string& path, const Sampling& sampling) {
  Reading reading;
  try {
    const auto reader = OpenVideo(path, sampling);
    Frame frame;
    while (reader->Next(&frame)) {
      EXPECT_EQ(
          frame.image.pixels.size(),
          static_cast<std::size_t>(frame.image.width) * frame.image.height * 3);
      EXPECT_TRUE(reading.times.empty() || frame.time > reading.times.back());
      EXPECT_GT(reader->end(), frame.time);
      reading.times.push_back(frame.time);
      reading.width = frame.image.width;
      reading.height = frame.image.height;
      reading.pixels =
          reading.pixels * 31 +
          std::hash<std::string_view>{}(
              {reinterpret_cast<const char*>(frame.image.pixels.data()),
               frame.image.pixels.size()});
    }
    EXPECT_FALSE(reader->Next(&frame));
    reading.end = reader->end();
    reading.media_end = reader->media_end();
    reading.warnings = reader->warnings();
    reading.info = reader->info();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    reading.error = error.what();
  }
  return reading;
}

std::vector<double> Seconds(const std::vector<Time>& times) {
  std::vector<double> seconds;
  for (Time time : times)
    seconds.push_back(static_cast<double>(time.count()) / 1e6);
  return seconds;
}

using VideoFiles = TemporaryFolder;

TEST(VideoSampling, GivesTheFirstFrameAtOrAfterEachTime) {
  EXPECT_THAT(Seconds(Read(kFriday, Fps(0.5)).times), ElementsAre(0, 2, 4, 6));
  EXPECT_THAT(Seconds(Read(kFriday, Fps(2)).times),
              ElementsAre(0, .5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6));
  EXPECT_THAT(Seconds(Read(kFriday, Fps(0.7)).times),
              ElementsAre(0, 1.433333, 2.866667, 4.3, 5.733333));
}

TEST(VideoSampling, GivesAFrameOnceHoweverOftenItIsAskedFor) {
  EXPECT_THAT(Read(kFriday, Fps(1000)).times, SizeIs(185));
  EXPECT_THAT(Read(kFriday, Fps(30)).times, SizeIs(185));
}

TEST(VideoSampling, OfAStretchIsThatOfTheWhole) {
  Sampling stretch = Fps(2);
  stretch.start = std::chrono::milliseconds(1200);
  stretch.end = std::chrono::milliseconds(3000);
  const Reading reading = Read(kFriday, stretch);
  EXPECT_THAT(Seconds(reading.times), ElementsAre(1.5, 2, 2.5));
  EXPECT_THAT(reading.warnings, IsEmpty());
}

// What is read from `start` on is what is read of the whole from there on.
void ExpectStretchOfTheWhole(const std::string& path,
                             const std::vector<double>& starts, double fps) {
  SCOPED_TRACE(path);
  const auto read = [&](const Sampling& sampling) {
    std::vector<std::pair<Time, std::size_t>> frames;  // and their pixels' hash
    const auto reader = OpenVideo(path, sampling);
    for (Frame frame; reader->Next(&frame);) {
      const auto& pixels = frame.image.pixels;
      frames.emplace_back(
          frame.time,
          std::hash<std::string_view>()(
              {reinterpret_cast<const char*>(pixels.data()), pixels.size()}));
    }
    std::vector<std::string> warnings;
    for (const Warning& warning : reader->warnings())
      warnings.push_back(warning.message);
    return std::make_tuple(frames, reader->end(), warnings,
                           reader->info().frame_rate);
  };
  const auto whole = read(Fps(fps));
  for (const double start : starts) {
    SCOPED_TRACE(start);
    Sampling stretch = Fps(fps);
    stretch.start = Time(std::llround(start * 1e6));
    auto expected = whole;
    auto& frames = std::get<0>(expected);
    frames.erase(
        frames.begin(),
        std::find_if(frames.begin(), frames.end(), [&](const auto& frame) {
          return frame.first >= stretch.start;
        }));
    EXPECT_EQ(read(stretch), expected);
  }
}

TEST(VideoSampling, FromAnyStartIsThatOfTheWhole) {
  ExpectStretchOfTheWhole(kFriday, {0.01, 2.6, 4, 5.9, 6.16, 7}, 7);
  ExpectStretchOfTheWhole((kData / "mdn_stream-of-water.mp4").string(),
                          {1, 2.9}, 1000);
}

TEST(VideoSampling, OfAStretchBehindTheEndIsEmpty) {
  Sampling stretch;
  stretch.start = std::chrono::minutes(1);
  const Reading reading = Read(kFriday, stretch);
  EXPECT_THAT(reading.times, IsEmpty());
  EXPECT_EQ(reading.error, "");
}

TEST(VideoInfo, IsWhatTheFileDeclares) {
  const Reading reading = Read(kFriday, Fps(2));
  EXPECT_EQ(reading.info.width, 640);
  EXPECT_EQ(reading.info.height, 480);
  EXPECT_NEAR(*reading.info.frame_rate, 30, 1e-3);
  EXPECT_NEAR(static_cast<double>(reading.info.duration->count()), 6.1666e6,
              1e3);
  EXPECT_NEAR(static_cast<double>(reading.end.count()), 185 / 30. * 1e6, 10);
}

TEST(VideoInfo, ProbeNamesCodecAndContainer) {
  const VideoProbe probe = ProbeVideo(kFriday);
  EXPECT_EQ(probe.codec, "h264");
  EXPECT_EQ(probe.container, "mov,mp4,m4a,3gp,3g2,mj2");
  EXPECT_EQ(probe.frames, 185);
  EXPECT_EQ(probe.shape.rotation(), 0);
  EXPECT_TRUE(probe.sound);
}

TEST_F(VideoFiles, NamesWhatIsWrong) {
  const std::string no_video =
      ": is no video, or one that is damaged or cut short; expected MP4, MKV, "
      "WebM, AVI or the like";
  const auto error = [](const std::string& path) {
    return Read(path, Sampling()).error.substr(path.size());
  };
  EXPECT_EQ(error((folder_ / "gone.mp4").string()),
            ": no such file; expected a video");
  EXPECT_EQ(error(folder_.string()), ": is a folder; expected a video file");
  EXPECT_EQ(error("/dev/null"), ": is no regular file; expected a video file");
  EXPECT_EQ(error(Write("empty.mp4", "")), ": is empty; expected a video");
  EXPECT_EQ(error(Write("text.mp4", "This is no video.\n")), no_video);
  EXPECT_EQ(error(Write("text.txt", "This is no video.\n")), no_video);
  const std::string cut =
      Contents((kData / "mdn_friday.mp4").string()).substr(0, 5000);
  const Reading of_cut = Read(Write("cut.mp4", cut), Sampling());
  ASSERT_THAT(of_cut.warnings, SizeIs(1));
  EXPECT_EQ(of_cut.warnings[0].message,
            (folder_ / "cut.mp4").string() +
                ": its pictures (h264, 640x480) cannot be decoded: judged as "
                "sound alone");
  EXPECT_EQ(
      error(Write("words.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n")),
      ": holds no pictures; expected a video");
  EXPECT_EQ(error((kData / "mdn_friday.mp4/x").string()),
            ": cannot be read: Not a directory; expected a video");
}

TEST_F(VideoFiles, CutShortAreUsedAsFarAsTheyGo) {
  const std::string path =
      Write("cut.mp4", Contents(kFriday).substr(0, 200000));
  const Reading reading = Read(path, Fps(2));
  EXPECT_THAT(reading.times, SizeIs(6));
  ASSERT_THAT(reading.warnings, SizeIs(1));
  EXPECT_EQ(reading.warnings[0].code, "video_tail_unreadable");
  EXPECT_EQ(reading.warnings[0].message,
            path +
                ": pictures end at 2.6 s though 6.2 s are declared; what could "
                "be read is used");
}

TEST_F(VideoFiles, SaysThatAFileMayNotBeRead) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const std::string path = Write("secret.mp4", "x");
  fs::permissions(path, fs::perms::none);
  EXPECT_EQ(Read(path, Sampling()).error,
            path + ": cannot be read: Permission denied; expected a video");
}

TEST_F(VideoFiles, OpensAnyNameAsALocalFile) {
  const std::string video = Contents(kFriday);
  for (const char* name :
       {"a%03d.mp4", "-dash.mp4", "caf\xE9 \xFF.mp4", "concat:a|b.mp4",
        "a*?[b].mp4", "no extension", "x.txt", "x.jpg", "x%03d.jpg"}) {
    EXPECT_THAT(Read(Write(name, video), Fps(2)).times, SizeIs(13)) << name;
  }
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  for (const char* name : {"http:x", "pipe:", "-i", "file:a.mp4"})
    EXPECT_THAT(Read(Write(name, video), Fps(2)).times, SizeIs(13)) << name;
  fs::current_path(before);
}

TEST_F(VideoFiles, PrintsNothingWhateverIsDamaged) {
  std::string damaged = Contents(kFriday);
  for (std::size_t i = 150000; i < 400000; i += 7)
    damaged[i] = static_cast<char>(i * 31);
  const std::string path = Write("damaged.mp4", damaged);
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const Reading reading = Read(path, Fps(2));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_THAT(reading.times, testing::Not(IsEmpty()));
}

TEST_F(VideoFiles, ThatAreDamagedWithinAStretchAreSaidToBe) {
  std::string damaged = Contents(kFriday);
  for (std::size_t i = 150000; i < 160000; i += 7)
    damaged[i] = static_cast<char>(i * 31);
  const std::string path = Write("damaged.mp4", damaged);
  const std::vector<Warning> of_whole = Read(path, Fps(2)).warnings;
  ASSERT_THAT(of_whole, SizeIs(1));
  EXPECT_EQ(of_whole[0].code, "pictures_damaged");
  EXPECT_EQ(of_whole[0].message,
            path +
                ": 4 of its packets of pictures cannot be decoded; the "
                "others are used");
  Sampling stretch = Fps(2);
  stretch.end = std::chrono::seconds(5);
  const std::vector<Warning> of_stretch = Read(path, stretch).warnings;
  ASSERT_THAT(of_stretch, SizeIs(1));
  EXPECT_EQ(of_stretch[0].message, of_whole[0].message);
  // What lies behind it is not looked at.
  stretch.end = std::chrono::seconds(1);
  EXPECT_THAT(Read(path, stretch).warnings, IsEmpty());
}

// As a machine of one core does.
Reading ReadOnOneCore(const std::string& path, const Sampling& sampling) {
  cpu_set_t all, one;
  EXPECT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  for (int core = 0; CPU_COUNT(&one) == 0; ++core)
    if (CPU_ISSET(core, &all)) CPU_SET(core, &one);
  EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  const Reading reading = Read(path, sampling);
  EXPECT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
  return reading;
}

TEST_F(VideoFiles, ThatAreDamagedGiveTheSamePicturesWithAnyNumberOfCores) {
  const std::string whole = Contents(kFriday);
  const std::string good = Write("whole.mp4", whole);
  std::string hidden = whole;
  for (std::size_t i : {150000, 150001, 200000})
    hidden[i] = static_cast<char>(~hidden[i]);
  std::string lost = whole;
  for (std::size_t i = 150000; i < 160000; i += 7)
    lost[i] = static_cast<char>(i * 31);
  for (const std::string& path :
       {Write("hidden.mp4", hidden), Write("lost.mp4", lost)}) {
    Sampling stretch = Fps(1000);
    stretch.end = std::chrono::seconds(4);
    for (const Sampling& sampling : {Fps(1000), stretch}) {
      const Reading one = ReadOnOneCore(path, sampling);
      EXPECT_NE(one.pixels, Read(good, sampling).pixels) << path;
      for (int i = 0; i < 2; ++i) {
        const Reading reading = Read(path, sampling);
        EXPECT_EQ(reading.pixels, one.pixels) << path;
        EXPECT_EQ(reading.times, one.times) << path;
        ASSERT_THAT(reading.warnings, SizeIs(1)) << path;
        EXPECT_EQ(reading.warnings[0].message, one.warnings.at(0).message);
      }
    }
  }
}

TEST_F(VideoFiles, WhosePicturesLackPartsAreSaidToBeDamaged) {
  std::string damaged = Contents(kFriday);
  for (std::size_t i = 14000; i < 14100; ++i)  // in the first keyframe
    damaged[i] = static_cast<char>(~damaged[i]);
  const std::string path = Write("damaged.mp4", damaged);
  Sampling keyframes = Fps(2);
  keyframes.keyframes = true;
  for (const Sampling& sampling : {Fps(2), keyframes}) {
    const Reading reading = Read(path, sampling);
    EXPECT_EQ(reading.times.size(), Read(kFriday, sampling).times.size());
    ASSERT_THAT(reading.warnings, SizeIs(1));
    EXPECT_EQ(reading.warnings[0].code, "pictures_damaged");
    EXPECT_EQ(reading.warnings[0].message,
              path +
                  ": some of its pictures cannot be decoded whole; what they "
                  "lack is filled in");
  }
}

struct Expected {
  const char* file;
  int frames;           // sampled at 2 a second; 0: an error
  double end;           // seconds; of an error: 0
  const char* message;  // of the error or of the only warning, behind the path;
                        // "" if none
};

constexpr const char* kNoVideo =
    ": is no video, or one that is damaged or cut short; expected MP4, MKV, "
    "WebM, AVI or the like";

// `end` is the number of frames that opencv46-readout.tsv and ffprobe count, at
// their times.
const Expected kExpected[] = {
    {"decord_corrupted.mp4", 10, 5.000,
     ": 1 of its packets of pictures cannot be decoded; the others are used"},
    {"decord_flipping_a_pancake.mkv", 21, 10.340, ""},
    {"decord_unordered.mov", 1, 0.125, ""},
    {"decord_video_0.mov", 1, 0.100, ""},
    {"decord_video_180.mov", 1, 0.100, ""},
    {"decord_video_270.mov", 1, 0.100, ""},
    {"decord_video_90.mov", 1, 0.100, ""},
    {"derived_empty.mp4", 0, 0, ": is empty; expected a video"},
    {"derived_fragmented.mp4", 6, 3.000, ""},
    {"derived_friday_embedded_subs.mkv", 13, 6.166, ""},
    {"derived_friday_embedded_subs.mp4", 13, 6.167, ""},
    {"derived_mjpeg.avi", 6, 3.000, ""},
    {"derived_text_named.mp4", 0, 0, kNoVideo},
    {"derived_truncated_150k.webm", 8, 3.837,
     ": pictures end at 3.8 s though 30 s are declared; what could be read is "
     "used"},
    {"derived_truncated_200k.mp4", 0, 0, kNoVideo},
    {"derived_xvid.avi", 7, 3.036, ""},
    {"imageio_cockatoo.mp4", 28, 14.000, ""},
    {"imageio_newtonscradle.gif", 2, 0.820, ""},
    {"imageio_realshort.mp4", 3, 1.199, ""},
    {"mdn_flower.mp4", 10, 5.005, ""},
    {"mdn_flower.webm", 10, 5.008, ""},
    {"mdn_friday.mp4", 13, 6.167, ""},
    {"mdn_friday.vtt", 0, 0, ": holds no pictures; expected a video"},
    {"mdn_frog.webm", 17, 8.266, ""},
    {"mdn_monster.webm", 15, 7.333, ""},
    {"mdn_rabbit320.mp4", 16, 7.800, ""},
    {"mdn_rabbit320.webm", 16, 7.800, ""},
    {"mdn_stream-of-water-audioless.webm", 8, 3.937, ""},
    {"mdn_stream-of-water.mp4", 6, 3.003, ""},
    {"mdn_stream-of-water.vtt", 0, 0, ": holds no pictures; expected a video"},
    {"mdn_stream-of-water.webm", 6, 3.003, ""},
    {"moviepy_-video-with-dash-.mp4", 5, 5.000, ""},
    {"moviepy_big_buck_bunny_0_30.webm", 60, 30.003, ""},
    {"moviepy_big_buck_bunny_432_433.webm", 2, 1.000, ""},
    {"moviepy_chaplin.mp4", 20, 9.640, ""},
    {"moviepy_fire2.mp4", 5, 2.380, ""},
    {"moviepy_no_duration.webm", 10, 4.938, ""},
    {"moviepy_old_clip1024.flv", 35, 17.400, ""},
    {"moviepy_old_sintel_5s.mp4", 10, 5.000, ""},
    {"moviepy_old_test_video.mp4", 61, 30.097, ""},
    {"moviepy_result_0byte.webm", 0, 0, ": is empty; expected a video"},
    {"moviepy_smpte-2997.mp4", 21, 10.040, ""},
    {"moviepy_subtitles-unicode.srt", 0, 0,
     ": holds no pictures; expected a video"},
    {"moviepy_subtitles.srt", 0, 0, ": holds no pictures; expected a video"},
    {"moviepy_transparent.webm", 10, 5.000, ""},
    {"moviepy_video_with_failing_audio.mp4", 23, 11.200, ""},
};

class SharedVideo : public testing::TestWithParam<Expected> {};

TEST_P(SharedVideo, IsReadAsExpected) {
  const Expected& expected = GetParam();
  const std::string path = (SharedVideos() / expected.file).string();
  if (!fs::exists(path)) GTEST_SKIP() << "../shared/data/videos is absent";
  const Reading reading = Read(path, Fps(2));
  if (expected.frames == 0) {
    EXPECT_EQ(reading.error, path + expected.message);
    return;
  }
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.times, SizeIs(expected.frames));
  EXPECT_NEAR(static_cast<double>(reading.end.count()) / 1e6, expected.end,
              0.002);
  EXPECT_EQ(reading.width, reading.info.width);
  EXPECT_EQ(reading.height, reading.info.height);
  if (*expected.message == '\0') {
    EXPECT_THAT(reading.warnings, IsEmpty());
  } else {
    ASSERT_THAT(reading.warnings, SizeIs(1));
    EXPECT_EQ(reading.warnings[0].message, path + expected.message);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SharedVideo, testing::ValuesIn(kExpected),
                         [](const auto& info) {
                           std::string name = info.param.file;
                           for (char& c : name) {
                             if (!std::isalnum(static_cast<unsigned char>(c)))
                               c = '_';
                           }
                           return name;
                         });

TEST(SharedVideos, OfSoundAloneHaveNoFrames) {
  const fs::path path = SharedVideos() / "derived_audio_only.m4a";
  if (!fs::exists(path)) GTEST_SKIP() << path << " is absent";
  const Reading reading = Read(path.string(), Fps(2));
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.times, IsEmpty());
  EXPECT_EQ(reading.end, Time(0));
  EXPECT_NEAR(static_cast<double>(reading.media_end.count()) / 1e6, 5.0, 2.0);
  EXPECT_EQ(reading.info.width, 0);
}

TEST(SharedVideos, AreAllInTheTable) {
  if (!fs::exists(SharedVideos()))
    GTEST_SKIP() << "../shared/data/videos is absent";
  for (const auto& entry : fs::directory_iterator(SharedVideos())) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".tsv" ||
        entry.path().extension() == ".m4a") {
      continue;
    }
    EXPECT_TRUE(std::any_of(std::begin(kExpected), std::end(kExpected),
                            [&](const Expected& e) { return name == e.file; }))
        << name;
  }
}

TEST(SharedVideos, FromAnyStartAreThoseOfTheWhole) {
  if (!fs::exists(SharedVideos()))
    GTEST_SKIP() << "../shared/data/videos is absent";
  for (const Expected& expected : kExpected) {
    if (expected.frames == 0) continue;
    ExpectStretchOfTheWhole((SharedVideos() / expected.file).string(),
                            {expected.end * 0.55, expected.end * 0.8,
                             expected.end - 0.02, expected.end + 1},
                            3);
  }
}

TEST(SharedVideos, AreUpright) {
  if (!fs::exists(SharedVideos()))
    GTEST_SKIP() << "../shared/data/videos is absent";
  EXPECT_EQ(ProbeVideo((SharedVideos() / "decord_video_90.mov").string())
                .shape.rotation(),
            90);
  EXPECT_EQ(ProbeVideo((SharedVideos() / "decord_video_180.mov").string())
                .shape.rotation(),
            180);
  EXPECT_EQ(ProbeVideo((SharedVideos() / "decord_video_270.mov").string())
                .shape.rotation(),
            270);
  // A keyboard, brighter at its upper end; all four were filmed with the camera
  // turned.
  for (const char* file : {"decord_video_0.mov", "decord_video_90.mov",
                           "decord_video_180.mov", "decord_video_270.mov"}) {
    const auto reader = OpenVideo((SharedVideos() / file).string(), Sampling());
    Frame frame;
    ASSERT_TRUE(reader->Next(&frame));
    EXPECT_EQ(frame.image.width, reader->info().width);
    const std::vector<std::uint8_t>& pixels = frame.image.pixels;
    const auto middle =
        pixels.begin() + static_cast<std::ptrdiff_t>(pixels.size() / 2);
    EXPECT_GT(std::accumulate(pixels.begin(), middle, 0.0),
              1.05 * std::accumulate(middle, pixels.end(), 0.0))
        << file;
  }
}

class MadeVideos : public TemporaryFolder {
 protected:
  // A video that ffmpeg makes with `options`.
  std::string Make(const std::string& name, const std::string& options) {
    const std::string path = (folder_ / name).string();
    const std::string command = "ffmpeg -v error -y " + options + " " + path;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }

  static Image First(const std::string& path, bool keyframes = false) {
    Sampling sampling;
    sampling.keyframes = keyframes;
    Frame frame;
    EXPECT_TRUE(OpenVideo(path, sampling)->Next(&frame));
    return frame.image;
  }

  // The first picture as ffmpeg shows it, with square pixels.
  Image OfFfmpeg(const std::string& path, int width, int height) {
    Image image{width, height, {}};
    Make("shown.bgr", "-i " + path +
                          " -vf 'scale=iw*sar:ih' -frames:v 1 -pix_fmt bgr24 "
                          "-f rawvideo");
    const std::string bytes = Contents((folder_ / "shown.bgr").string());
    image.pixels.assign(bytes.begin(), bytes.end());
    return image;
  }

  // Nearly the same pictures; other conversions round in other ways.
  static void ExpectAlike(const Image& a, const Image& b) {
    ASSERT_EQ(a.pixels.size(), b.pixels.size());
    double difference = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i)
      difference += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
    EXPECT_LT(difference / static_cast<double>(a.pixels.size()), 6);
  }

  const std::string kSample_ = VSA_SOURCE_DIR "/samples/sample.mp4";
};

// All ways in which a file can say that its pictures are turned and mirrored.
TEST_F(MadeVideos, AreShownAsTheirDisplayMatrixSays) {
  const std::string plain = Contents(
      Make("plain.mp4", "-i " + kSample_ + " -t 0.2 -an -c:v libx264"));
  const std::size_t matrix = plain.find("tkhd") + 44;
  const auto fixed = [](int value) {  // 16.16, big-endian
    return std::string{static_cast<char>(value < 0 ? 0xFF : 0),
                       static_cast<char>(value < 0 ? 0xFF : value), 0, 0};
  };
  const struct {
    int a, b, c, d;
    int rotation;
    bool mirrored;
  } kMatrices[] = {{1, 0, 0, 1, 0, false},   {-1, 0, 0, 1, 0, true},
                   {1, 0, 0, -1, 180, true}, {-1, 0, 0, -1, 180, false},
                   {0, 1, -1, 0, 90, false}, {0, -1, 1, 0, 270, false},
                   {0, 1, 1, 0, 270, true},  {0, -1, -1, 0, 90, true}};
  for (const auto& one : kMatrices) {
    SCOPED_TRACE(testing::Message() << one.a << one.b << one.c << one.d);
    std::string bytes = plain;
    const std::string zero(4, '\0');
    bytes.replace(
        matrix, 20,
        fixed(one.a) + fixed(one.b) + zero + fixed(one.c) + fixed(one.d));
    const std::string path = Write("turned.mp4", bytes);
    const VideoProbe probe = ProbeVideo(path);
    EXPECT_EQ(probe.shape.rotation(), one.rotation);
    EXPECT_EQ(probe.shape.mirrored(), one.mirrored);
    const Image image = First(path);
    EXPECT_EQ(image.width, probe.width);
    EXPECT_EQ(image.width, one.a == 0 ? 360 : 640);
    ExpectAlike(image, OfFfmpeg(path, image.width, image.height));
    EXPECT_EQ(First(path, /*keyframes=*/true).pixels, image.pixels);
  }
}

TEST_F(MadeVideos, AreAsWideAsTheyAreShown) {
  for (const std::string aspect : {"2/1", "1/2", "16/15"}) {
    const std::string path =
        Make("wide.mp4", "-i " + kSample_ +
                             " -t 0.2 -an -vf 'scale=320:360,"
                             "setsar=" +
                             aspect + "' -c:v libx264");
    const Image image = First(path);
    EXPECT_EQ(image.width, aspect == "2/1" ? 640 : aspect == "1/2" ? 160 : 341);
    EXPECT_EQ(image.width, ProbeVideo(path).width);
    ExpectAlike(image, OfFfmpeg(path, image.width, image.height));
  }
}

TEST_F(MadeVideos, OfSeveralTheDefaultElseTheLargestMovingOneIsShown) {
  const std::string two =
      "-f lavfi -i testsrc=s=160x90:d=1 -f lavfi -i testsrc=s=320x180:d=1 ";
  const auto width = [&](const std::string& name, const std::string& options) {
    return First(Make(name, options)).width;
  };
  EXPECT_EQ(width("a.mkv", two + "-map 0 -map 1 -disposition:v:0 0 "
                                 "-disposition:v:1 default"),
            320);
  EXPECT_EQ(width("b.mkv", two + "-map 0 -map 1 -disposition:v:0 default "
                                 "-disposition:v:1 0"),
            160);
  EXPECT_EQ(width("c.mkv", two + "-map 0 -map 1 -disposition:v:0 0 "
                                 "-disposition:v:1 0"),
            320);
  // A cover is none, however large.
  Make("cover.png", "-f lavfi -i testsrc=s=640x640 -frames:v 1");
  EXPECT_EQ(width("d.mp4", "-f lavfi -i testsrc=s=160x90:d=1 -i " +
                               (folder_ / "cover.png").string() +
                               " -map 1 -map 0 -c:v:0 png -c:v:1 libx264 "
                               "-disposition:v:0 attached_pic"),
            160);
}

TEST_F(MadeVideos, MayStartLater) {
  for (const char* name : {"late.mkv", "late.ts"}) {
    const std::string path = Make(
        name, "-i " + kSample_ + " -t 4 -c:v libx264 -output_ts_offset 10");
    const Reading reading = Read(path, Fps(2));
    EXPECT_THAT(reading.warnings, IsEmpty()) << name;
    EXPECT_THAT(reading.times, SizeIs(8)) << name;
    EXPECT_EQ(reading.times.front(), Time(0)) << name;
    EXPECT_NEAR(static_cast<double>(reading.info.duration->count()), 4e6, 1e5)
        << name;
  }
}

TEST_F(MadeVideos, ListsOfOtherFilesAreRefused) {
  const std::string list =
      Write("list.mp4", "ffconcat version 1.0\nfile '" + kSample_ + "'\n");
  EXPECT_EQ(Read(list, {}).error,
            list +
                ": is a list of other files (concat), which are not opened; "
                "expected one of them");
  const std::string playlist =
      Write("list.mkv", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n" +
                            kSample_ + "\n#EXT-X-ENDLIST\n");
  EXPECT_THAT(Read(playlist, {}).error,
              testing::StartsWith(playlist + ": is a list of other files ("));
  Make("p001.jpg", "-i " + kSample_ + " -frames:v 1");
  const std::string pattern = Write("p%03d.jpg", "no picture");
  EXPECT_EQ(Read(pattern, {}).error,
            pattern +
                ": is no video, or one that is damaged or cut short; expected "
                "MP4, MKV, WebM, AVI or the like");
}

// A frame that would last 63 years.
TEST_F(MadeVideos, AbsurdLengthsAreNotBelieved) {
  std::string bytes = Contents(
      Make("one.mp4", "-i " + kSample_ + " -frames:v 1 -an -c:v libx264"));
  const auto put = [&](const char* box, std::size_t at, std::uint32_t value) {
    for (int i = 0; i < 4; ++i)
      bytes[bytes.find(box) + at + i] =
          static_cast<char>(value >> (24 - 8 * i) & 255);
  };
  put("mdhd", 16, 1);  // units a second
  put("mdhd", 20, 2000000000);
  put("stts", 16, 2000000000);
  bytes.replace(bytes.find("edts"), 4, "free");
  const std::string path = Write("absurd.mp4", bytes);
  for (const bool keyframes : {false, true}) {
    Sampling sampling;
    sampling.keyframes = keyframes;
    const Reading reading = Read(path, sampling);
    EXPECT_THAT(reading.times, SizeIs(1));
    EXPECT_LE(reading.end, Time(std::chrono::hours(1)));
    ASSERT_THAT(reading.warnings, SizeIs(1));
    EXPECT_EQ(reading.warnings[0].message,
              path +
                  ": pictures go on after 240 hours, or are declared to; "
                  "what is shown before is used");
  }
}

// Matroska declares how long sound, subtitles and pictures are together.
TEST_F(MadeVideos, SoundAndSubtitlesMayOutlastThePictures) {
  const std::string pictures = "-t 3 -i " + kSample_ + " ";
  const std::string sound = "-f lavfi -i sine=d=5 -map 0:v -map 1 ";
  const std::string subs = Write("late.srt",
                                 "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n"
                                 "2\n00:00:05,000 --> 00:00:06,000\nBye.\n");
  std::vector<std::string> paths = {
      Make("sound.webm", pictures + sound + "-c:v libvpx"),
      Make("sound.wmv", pictures + sound),
      Make("sound.flv", pictures + sound),
      Make("late.mkv", pictures + "-itsoffset 4 " + sound),
      Make("one.mkv", "-t 0.03 -i " + kSample_ + " " + sound),
      Make("words.mkv", pictures + "-i " + subs + " -map 0:v -map 1")};
  // Other writers leave the tag away.
  for (const std::string name : {"sound.webm", "one.mkv", "words.mkv"}) {
    std::string bytes = Contents((folder_ / name).string());
    for (std::size_t at; (at = bytes.find("DURATION")) != std::string::npos;)
      bytes.replace(at, 8, "DURATIOX");
    paths.push_back(Write("plain_" + name, bytes));
  }
  for (const std::string& path : paths) {
    for (const bool keyframes : {false, true}) {
      Sampling sampling;
      sampling.keyframes = keyframes;
      const Reading reading = Read(path, sampling);
      EXPECT_EQ(reading.error, "") << path;
      EXPECT_THAT(reading.warnings, IsEmpty()) << path;
    }
  }
  for (const std::string name :
       {"sound.webm", "plain_sound.webm", "late.mkv", "words.mkv"}) {
    const std::string bytes = Contents((folder_ / name).string());
    const Reading cut = Read(
        Write("cut_" + name, bytes.substr(0, bytes.size() / 2)), Sampling());
    ASSERT_THAT(cut.warnings, SizeIs(1)) << name;
    EXPECT_EQ(cut.warnings[0].code, "video_tail_unreadable");
  }
}

TEST_F(MadeVideos, CutShortAreSaidToBe) {
  for (const std::string name : {"a.avi", "a.wmv", "a.flv"}) {
    const std::string bytes = Contents(
        Make(name, "-t 4 -i " + kSample_ + " -f lavfi -t 4 -i sine -b:v 500k"));
    EXPECT_THAT(Read((folder_ / name).string(), Sampling()).warnings, IsEmpty())
        << name;
    const std::string cut =
        Write("cut_" + name, bytes.substr(0, bytes.size() / 2));
    const Reading reading = Read(cut, Sampling());
    ASSERT_THAT(reading.warnings, SizeIs(1)) << name;
    EXPECT_EQ(reading.warnings[0].code, "video_tail_unreadable") << name;
    EXPECT_NEAR(static_cast<double>(ProbeVideo(cut).duration->count()) / 1e6, 4,
                0.2)
        << name;
  }
}

// A stream joined from two counts on elsewhere: how long it seems to be, by its
// last packets, is nowhere declared.
TEST_F(MadeVideos, JoinedStreamsAreWhole) {
  const std::string some = "-t 2 -i " + kSample_;
  const std::string joined =
      Contents(Make("a.ts", some)) +
      Contents(Make("b.ts", some + " -output_ts_offset 5000"));
  const Reading reading = Read(Write("joined.ts", joined), Fps(2));
  EXPECT_THAT(reading.warnings, IsEmpty());
  EXPECT_THAT(reading.times, SizeIs(8));
}

// As all of it is heard (audio_libav_test.cc).
TEST_F(MadeVideos, SoundThatIsJoinedLastsAsLongAsItsPartsTogether) {
  const std::string sound = "-f lavfi -i sine=d=5 ";
  // FFmpeg takes the last frames of a FLAC and what follows for one packet
  // without a time.
  constexpr double kUntimed = 0.45;
  const std::pair<std::string, std::string> kSounds[] = {
      {"a.mp3", ""},
      {"a.aac", ""},
      {"a.ogg", "-c:a libvorbis"},
      {"a.opus", "-c:a libopus"},
      {"a.flac", ""},
      {"a.ts", ""},
      {"b.ts", "-t 5 -i " + kSample_}};
  for (const auto& [name, options] : kSounds) {
    SCOPED_TRACE(name + options);
    const std::string part = Contents(Make(name, sound + options));
    for (const int parts : {1, 2, 3}) {
      std::string joined;
      for (int i = 0; i < parts; ++i) joined += part;
      const Reading reading = Read(Write(name, joined), Fps(1));
      EXPECT_EQ(reading.error, "");
      EXPECT_NEAR(
          static_cast<double>(reading.media_end.count()) / 1e6, 5 * parts,
          0.1 * parts + (name == "a.flac" ? kUntimed * (parts - 1) : 0));
      EXPECT_THAT(reading.warnings, IsEmpty());
    }
  }
}

// Two tracks of which one comes later in the file than the other are not two
// parts of one.
TEST_F(MadeVideos, TracksOfSoundThatAreFarApartInTheFileAreNoLonger) {
  const Reading reading =
      Read(Make("far.mkv",
                "-f lavfi -i sine=d=5 -f lavfi -i sine=d=5 -map 0 -map 1 -c:a "
                "pcm_s16le -max_interleave_delta 1 -cluster_time_limit 100"),
           Fps(1));
  EXPECT_NEAR(static_cast<double>(reading.media_end.count()) / 1e6, 5, 0.1);
}

// Where the file is declared to be that long, or sound goes on meanwhile.
TEST_F(MadeVideos, MayPauseForMoreThanAnHour) {
  const std::string pause =
      "-t 4 -i " + kSample_ +
      " -vf \"setpts='if(lt(T,2),PTS,PTS+3610/TB)'\" -vsync vfr -c:v libx264 ";
  for (const std::string& path :
       {Make("a.mp4", pause), Make("a.mkv", pause),
        Make("live.mkv", "-f lavfi -t 3614 -i anullsrc=r=8000:cl=mono " +
                             pause + "-c:a pcm_u8 -f matroska -live 1")}) {
    for (const bool keyframes : {false, true}) {
      SCOPED_TRACE(path + (keyframes ? " keyframes" : ""));
      Sampling sampling = Fps(2);
      sampling.keyframes = keyframes;
      const Reading reading = Read(path, sampling);
      EXPECT_THAT(reading.warnings, IsEmpty());
      EXPECT_NEAR(static_cast<double>(reading.end.count()) / 1e6, 3614, 0.1);
      if (keyframes) continue;
      ASSERT_THAT(reading.times, SizeIs(8));
      EXPECT_NEAR(Seconds(reading.times)[4], 3612, 0.1);
    }
  }
}

// ConfigureLibraries comes before all else in the program, too.
const bool kConfigured = (ConfigureLibraries(), true);

}  // namespace
}  // namespace vsa
