#include "backends/media/audio_libav.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "tests/base/temporary_folder.h"
#include "vsa/error.h"

namespace vsa {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Sound {
  bool is_none = false;
  std::string error;
  std::vector<float> samples;
  std::vector<Warning> warnings;
};

Sound Listen(const std::string& path, const Hearing& hearing = {}) {
  Sound sound;
  try {
    const auto reader = OpenAudio(path, hearing);
    sound.is_none = reader == nullptr;
    if (sound.is_none) return sound;
    std::size_t before = 0;
    while (reader->Next(&sound.samples)) {
      EXPECT_GT(sound.samples.size(), before);
      EXPECT_LE(sound.samples.size() - before, 10u * kSampleRate);
      before = sound.samples.size();
    }
    EXPECT_FALSE(reader->Next(&sound.samples));
    EXPECT_EQ(sound.samples.size(), before);
    sound.warnings = reader->warnings();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    sound.error = error.what();
  }
  for (const float sample : sound.samples) {
    if (!std::isfinite(sample)) {
      ADD_FAILURE() << "a sample is no number";
      break;
    }
  }
  return sound;
}

double Seconds(const Sound& sound) {
  return static_cast<double>(sound.samples.size()) / kSampleRate;
}

// The part of the energy between `from` and `to` seconds that is a tone of
// `hertz`.
double ShareOf(const Sound& sound, double hertz, double from, double to) {
  const auto begin = static_cast<std::size_t>(from * kSampleRate);
  const auto end = std::min(static_cast<std::size_t>(to * kSampleRate),
                            sound.samples.size());
  double sine = 0, cosine = 0, all = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double angle =
        2 * M_PI * hertz * static_cast<double>(i) / kSampleRate;
    sine += sound.samples[i] * std::sin(angle);
    cosine += sound.samples[i] * std::cos(angle);
    all += sound.samples[i] * sound.samples[i];
  }
  return all == 0 ? 0
                  : 2 * (sine * sine + cosine * cosine) /
                        (all * static_cast<double>(end - begin));
}

// Where 10 ms begin or end to be loud, in seconds.
std::vector<double> Edges(const Sound& sound) {
  constexpr std::size_t kFrame = kSampleRate / 100;
  std::vector<double> edges;
  bool loud = false;
  for (std::size_t at = 0; at + kFrame <= sound.samples.size(); at += kFrame) {
    double sum = 0;
    for (std::size_t i = at; i < at + kFrame; ++i)
      sum += sound.samples[i] * sound.samples[i];
    if ((sum / kFrame > 1e-4) == loud) continue;
    loud = !loud;
    edges.push_back(static_cast<double>(at) / kSampleRate);
  }
  return edges;
}

auto Near(double seconds) { return testing::DoubleNear(seconds, 0.02); }

class SoundFiles : public TemporaryFolder {
 protected:
  // What ffmpeg makes with `options`.
  std::string Make(const std::string& name, const std::string& options) {
    const std::string path = (folder_ / name).string();
    const std::string command = "ffmpeg -v error -y " + options + " " + path;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }
};

// A tone of 440 Hz from 1 to 2 s of 3, at half of full scale, one on each
// channel.
std::string Beep(const std::string& channels, int rate) {
  return "-f lavfi -i \"aevalsrc=exprs='" + channels +
         "':s=" + std::to_string(rate) + ":d=3\"";
}

const std::string kBeep = "0.5*sin(2*PI*440*t)*between(t,1,2)";

TEST_F(SoundFiles, OfAnyRateAndChannelsBecomeOneAt16KHz) {
  const std::string six = kBeep + "|" + kBeep + "|" + kBeep + "|" + kBeep +
                          "|" + kBeep + "|" + kBeep + ":c=5.1";
  const struct {
    const char* name;
    std::string input;
    const char* options;
  } kCases[] = {
      {"telephone.wav", Beep(kBeep, 8000), ""},
      {"mulaw.wav", Beep(kBeep, 8000), "-c:a pcm_mulaw"},
      {"stereo.wav", Beep(kBeep + "|" + kBeep, 44100), ""},
      {"stereo.mp3", Beep(kBeep + "|" + kBeep, 44100), ""},
      {"stereo.m4a", Beep(kBeep + "|" + kBeep, 44100), ""},
      {"stereo.ogg", Beep(kBeep + "|" + kBeep, 48000), "-c:a libopus"},
      {"six.flac", Beep(six, 48000), ""},
      {"six.mkv", Beep(six, 48000), "-c:a ac3"},
      {"fine.wav", Beep(kBeep, 192000), "-c:a pcm_s32le"},
      {"float.wav", Beep(kBeep, 16000), "-c:a pcm_f32le"}};
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const Sound sound = Listen(Make(one.name, one.input + " " + one.options));
    EXPECT_NEAR(Seconds(sound), 3, 0.1);
    EXPECT_THAT(Edges(sound), ElementsAre(Near(1), Near(2)));
    EXPECT_GT(ShareOf(sound, 440, 1.1, 1.9), 0.99);
    EXPECT_THAT(sound.warnings, IsEmpty());
  }
}

TEST_F(SoundFiles, KeepTheirLoudness) {
  const auto loudest = [this](const std::string& name,
                              const std::string& options) {
    const Sound sound = Listen(Make(name, options));
    return *std::max_element(sound.samples.begin(), sound.samples.end());
  };
  EXPECT_NEAR(loudest("mono.wav", Beep(kBeep, 16000)), 0.5, 0.01);
  EXPECT_NEAR(loudest("up.wav", Beep(kBeep, 8000)), 0.5, 0.02);
  EXPECT_NEAR(loudest("two.wav", Beep(kBeep + "|" + kBeep, 44100)), 0.5, 0.02);
  EXPECT_NEAR(loudest("two.mp3", Beep(kBeep + "|" + kBeep, 44100)), 0.5, 0.05);
}

// The phase of a tone on the right is `turned` against that on the left.
std::string Turned(const std::string& turned) {
  return kBeep + "|0.5*sin(2*PI*440*t+" + turned + ")*between(t,1,2)";
}

TEST_F(SoundFiles, WhoseChannelsCancelEachOtherAreHeard) {
  const std::string turned = "-0.5*sin(2*PI*440*t)*between(t,1,2)";
  const std::string six = kBeep + "|" + turned + "|0|0|0|0:c=5.1";
  const struct {
    const char* name;
    std::string input;
    double loudness;
  } kCases[] = {{"turned.wav", Beep(kBeep + "|" + turned, 44100), 0.5},
                {"turned.mp3", Beep(kBeep + "|" + turned, 44100), 0.5},
                {"turned.m4a", Beep(kBeep + "|" + turned, 44100), 0.5},
                {"16.wav", Beep(kBeep + "|" + turned, 16000), 0.5},
                {"softer.wav", Beep(kBeep + "|0.7*" + turned, 44100), 0.5},
                {"160.wav", Beep(Turned("PI*160/180"), 44100), 0.5},
                {"90.wav", Beep(Turned("PI/2"), 44100), 0.35},
                {"left.wav", Beep(kBeep + "|0", 44100), 0.25},
                {"right.wav", Beep("0|" + kBeep, 44100), 0.25},
                {"six.flac", Beep(six, 48000), 0.21}};
  for (const auto& one : kCases) {
    SCOPED_TRACE(one.name);
    const Sound sound = Listen(Make(one.name, one.input));
    EXPECT_THAT(Edges(sound), ElementsAre(Near(1), Near(2)));
    EXPECT_GT(ShareOf(sound, 440, 1.1, 1.9), 0.99);
    const auto in_tone = sound.samples.begin() + kSampleRate * 3 / 2;
    EXPECT_NEAR(*std::max_element(in_tone, in_tone + kSampleRate / 10),
                one.loudness, 0.04);
  }
}

std::string Little(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

// 16 kHz, 32-bit floats, the samples of the channels in turn.
std::string FloatWav(const std::vector<float>& samples, int channels = 1) {
  std::string data(samples.size() * 4, '\0');
  if (!samples.empty()) std::memcpy(data.data(), samples.data(), data.size());
  const auto size = static_cast<std::uint32_t>(data.size());
  const auto count = static_cast<std::uint32_t>(channels);
  return "RIFF" + Little(36 + size, 4) + "WAVEfmt " + Little(16, 4) +
         Little(3, 2) + Little(count, 2) + Little(kSampleRate, 4) +
         Little(4 * count * kSampleRate, 4) + Little(4 * count, 2) +
         Little(32, 2) + "data" + Little(size, 4) + data;
}

// A recorder's file of many microphones does not say where they stand.
TEST_F(SoundFiles, OfManyChannelsThatAreNotNamedAreHeard) {
  for (const int channels : {9, 12, 32}) {
    SCOPED_TRACE(channels);
    for (int only = -1; only < channels; ++only) {
      std::vector<float> samples;
      for (int i = 0; i < 4000 * channels; ++i) {
        const bool sounds = only < 0 || i % channels == only;
        const int at = i / channels;
        samples.push_back(
            sounds ? static_cast<float>(std::sin(2 * M_PI * 440 * at / 16000))
                   : 0);
      }
      const Sound sound =
          Listen(Write("many.wav", FloatWav(samples, channels)));
      EXPECT_EQ(sound.samples.size(), 4000u);
      EXPECT_GT(ShareOf(sound, 440, 0, 0.25), 0.99);
      EXPECT_THAT(sound.warnings, IsEmpty());
      if (only < 0) {
        EXPECT_NEAR(sound.samples[2000 + 9], samples[2009u * channels], 1e-5);
      }
    }
  }
}

// As where one of two who speak in turn has a microphone that is wired the
// wrong way round.
TEST_F(SoundFiles, WhoseChannelsCancelEachOtherForAWhileAreHeardWithoutAClick) {
  const std::string tone = "0.5*sin(2*PI*440*t)";
  const Sound sound = Listen(Make(
      "a.wav", Beep(tone + "|" + tone + "*if(between(t,1,2),-1,1)", 16000)));
  const std::vector<double> edges = Edges(sound);
  ASSERT_THAT(edges, ElementsAre(Near(0), Near(1), Near(1.08)));
  EXPECT_GT(ShareOf(sound, 440, 1.15, 3), 0.99);
  float steepest = 0;
  for (std::size_t i = 1; i < sound.samples.size(); ++i) {
    steepest =
        std::max(steepest, std::abs(sound.samples[i] - sound.samples[i - 1]));
  }
  EXPECT_LT(steepest, 1.1 * 0.5 * 2 * M_PI * 440 / kSampleRate);
}

// What lies over half of 16 kHz does not turn up below it.
TEST_F(SoundFiles, HaveNoEchoOfTonesThatAreTooHigh) {
  const Sound sound = Listen(
      Make("high.wav", Beep("0.5*sin(2*PI*12000*t)*between(t,1,2)", 48000)));
  EXPECT_THAT(Edges(sound), IsEmpty());
}

TEST_F(SoundFiles, ThatStartLateAreHeardAtTheirTime) {
  for (const std::string name : {"late.mkv", "late.mp4"}) {
    SCOPED_TRACE(name);
    const Sound sound = Listen(Make(
        name,
        "-f lavfi -i testsrc=size=64x48:rate=10:duration=5 -itsoffset 1.5 " +
            Beep(kBeep, 48000) +
            " -map 0 -map 1 -c:v libx264 -preset ultrafast -c:a aac"));
    EXPECT_THAT(Edges(sound), ElementsAre(Near(2.5), Near(3.5)));
    EXPECT_NEAR(Seconds(sound), 4.5, 0.1);
    EXPECT_EQ(sound.samples[kSampleRate], 0);
  }
}

TEST_F(SoundFiles, WithAGapAreSilentThere) {
  // From 1.5 to 3 s nothing is there, but that packets are of 21 ms.
  const std::string with_gap = Make(
      "gap.mkv",
      "-f lavfi -i \"aevalsrc=exprs='0.5*sin(2*PI*440*t)':s=48000:d=5\" -af "
      "\"aselect='lt(t,1.5)+gte(t,3)'\" -c:a pcm_s16le");
  const Sound sound = Listen(with_gap);
  EXPECT_THAT(Edges(sound), ElementsAre(Near(0), Near(1.515), Near(3.008)));
  EXPECT_NEAR(Seconds(sound), 5, 0.03);

  Hearing within;
  within.start = milliseconds(2000);
  within.end = milliseconds(4000);
  const Sound stretch = Listen(with_gap, within);
  EXPECT_THAT(Edges(stretch), ElementsAre(Near(1.008)));
  EXPECT_EQ(stretch.samples.size(), 2u * kSampleRate);
}

TEST_F(SoundFiles, WhoseTimesJumpByHoursAreHeardWithoutTheGap) {
  // A tone, silent from 1 to 2 s, and from 1.5 s on two hours later.
  const std::string path =
      Make("jump.mkv",
           "-f lavfi -i \"aevalsrc=exprs='0.5*sin(2*PI*440*t)*(lt(t,1)+gte(t,2)"
           ")':s=48000:d=3\" -af \"asetpts='PTS+gte(T,1.5)*7200/TB'\" -c:a "
           "pcm_s16le");
  const Sound sound = Listen(path);
  EXPECT_NEAR(Seconds(sound), 3, 0.03);
  EXPECT_THAT(Edges(sound), ElementsAre(Near(0), Near(1), Near(2)));
  ASSERT_THAT(sound.warnings, SizeIs(1));
  EXPECT_EQ(sound.warnings[0].code, "sound_damaged");
  EXPECT_THAT(sound.warnings[0].message,
              testing::MatchesRegex(".*jump.mkv: the times of [0-9]+ pieces of "
                                    "its sound jump by over an hour; they are "
                                    "heard behind those before them"));
}

TEST_F(SoundFiles, WhoseTimesBeginAgainAreHeardToTheirEnd) {
  for (const std::string name : {"a.ogg", "a.opus", "a.flac", "a.ts"}) {
    SCOPED_TRACE(name);
    const std::string options =
        name == "a.ogg" || name == "a.opus" ? "-c:a libopus" : "";
    const std::string once =
        Contents(Make(name, Beep(kBeep, 48000) + " " + options));
    const Sound sound = Listen(Write(name, once + once));
    EXPECT_NEAR(Seconds(sound), 6, 0.1);
    const auto near = [](double at) { return testing::DoubleNear(at, 0.1); };
    EXPECT_THAT(Edges(sound), ElementsAre(near(1), near(2), near(4), near(5)));
    EXPECT_THAT(sound.warnings, IsEmpty());
  }
}

TEST_F(SoundFiles, WhoseTimesOverlapForAMomentAreHeardOnce) {
  const std::string once = Contents(Make("a.ts", Beep(kBeep, 48000)));
  const auto near = [](double at) { return testing::DoubleNear(at, 0.1); };
  const Sound half = Listen(Write(
      "b.ts",
      once + Contents(Make("c.ts", Beep(kBeep, 48000) + " -output_ts_offset "
                                                        "2.5"))));
  EXPECT_THAT(Edges(half), ElementsAre(near(1), near(2), near(3.5), near(4.5)));
  const Sound two = Listen(
      Write("b.ts", once + Contents(Make("c.ts", Beep(kBeep, 48000) +
                                                     " -output_ts_offset 1"))));
  EXPECT_THAT(Edges(two), ElementsAre(near(1), near(2), near(4), near(5)));
}

TEST_F(SoundFiles, AreHeardInTheStretchThatIsAskedFor) {
  for (const std::string name : {"a.wav", "a.m4a"}) {
    SCOPED_TRACE(name);
    const std::string path = Make(name, Beep(kBeep, 44100));
    const Sound whole = Listen(path);
    Hearing stretch;
    stretch.start = milliseconds(1750);
    const Sound end = Listen(path, stretch);
    EXPECT_EQ(end.samples, std::vector<float>(whole.samples.begin() + 28000,
                                              whole.samples.end()));
    stretch.end = milliseconds(2250);
    EXPECT_EQ(Listen(path, stretch).samples,
              std::vector<float>(whole.samples.begin() + 28000,
                                 whole.samples.begin() + 36000));
    stretch.start = milliseconds(8000);
    stretch.end = std::nullopt;
    EXPECT_THAT(Listen(path, stretch).samples, IsEmpty());
  }
}

TEST_F(SoundFiles, WithoutSoundHaveNoReader) {
  const std::string video =
      Make("mute.mp4", "-f lavfi -i testsrc=size=64x48:rate=10:duration=1");
  EXPECT_TRUE(Listen(video).is_none);
  Hearing hearing;
  hearing.track = 0;
  EXPECT_EQ(Listen(video, hearing).error,
            video + ": has no sound track 0; expected a file with sound");
}

TEST_F(SoundFiles, ThatCannotBeOpenedAreErrors) {
  const std::string none = (folder_ / "none.wav").string();
  EXPECT_EQ(Listen(none).error, none + ": no such file; expected a video");
  const std::string text = Write("text.wav", "This is no sound at all.\n");
  EXPECT_EQ(Listen(text).error.rfind(text + ": ", 0), 0u);
}

// Pictures, then tones of 300, 500 and 700 Hz.
std::string Tracks(const std::string& dispositions) {
  std::string command = "-f lavfi -i testsrc=size=64x48:rate=10:duration=1";
  for (const char* hertz : {"300", "500", "700"})
    command += std::string(" -f lavfi -i sine=") + hertz + ":duration=1";
  return command + " -map 0 -map 1 -map 2 -map 3 -c:v libx264 -c:a flac " +
         dispositions;
}

int HertzOf(const Sound& sound) {
  for (const int hertz : {300, 500, 700})
    if (ShareOf(sound, hertz, 0.1, 0.9) > 0.9) return hertz;
  return 0;
}

TEST_F(SoundFiles, WithSeveralTracksAreHeardByTheDefaultOne) {
  const auto heard = [this](const std::string& dispositions) {
    return HertzOf(Listen(Make("tracks.mkv", Tracks(dispositions))));
  };
  EXPECT_EQ(heard("-disposition:a 0"), 300);
  EXPECT_EQ(heard("-disposition:a 0 -disposition:a:1 default"), 500);
  EXPECT_EQ(heard("-disposition:a 0 -disposition:a:0 comment"), 500);
  EXPECT_EQ(heard("-disposition:a:0 default+comment -disposition:a:1 "
                  "visual_impaired -disposition:a:2 0"),
            700);
  EXPECT_EQ(heard("-disposition:a:0 visual_impaired -disposition:a:1 0 "
                  "-disposition:a:2 default"),
            700);
  // Where there are no others they are better than nothing.
  EXPECT_EQ(heard("-disposition:a:0 comment -disposition:a:1 "
                  "comment+default -disposition:a:2 comment"),
            500);
}

TEST_F(SoundFiles, AreHeardByTheTrackThatIsNamed) {
  const std::string video = Make("tracks.mkv", Tracks(""));
  const auto heard = [&](int track) {
    Hearing hearing;
    hearing.track = track;
    return Listen(video, hearing);
  };
  EXPECT_EQ(HertzOf(heard(1)), 300);
  EXPECT_EQ(HertzOf(heard(3)), 700);
  EXPECT_EQ(heard(0).error,
            video + ": has no sound track 0; expected one of 1, 2, 3");
  EXPECT_EQ(heard(4).error,
            video + ": has no sound track 4; expected one of 1, 2, 3");
  EXPECT_EQ(heard(-1).error,
            video + ": has no sound track -1; expected one of 1, 2, 3");
}

TEST_F(SoundFiles, ThatAreCutShortAreHeardUpToThere) {
  for (const std::string name : {"cut.mp3", "cut.aac", "cut.flac", "cut.wav"}) {
    SCOPED_TRACE(name);
    const std::string bytes = Contents(Make(name, Beep(kBeep, 44100)));
    const Sound sound =
        Listen(Write(name, bytes.substr(0, bytes.size() * 55 / 100)));
    EXPECT_EQ(sound.error, "");
    EXPECT_GT(Seconds(sound), 1.1);
    EXPECT_LT(Seconds(sound), 2.2);
    // A plain stream of AAC begins with a packet that its encoder adds.
    EXPECT_THAT(Edges(sound), ElementsAre(testing::DoubleNear(1, 0.05)));
    for (const Warning& warning : sound.warnings)
      EXPECT_EQ(warning.code, "sound_damaged");
  }
}

TEST_F(SoundFiles, ThatAreDamagedAreHeardAroundThat) {
  const std::string tone =
      "-f lavfi -i \"aevalsrc=exprs='0.5*sin(2*PI*440*t)':s=44100:d=10\"";
  for (const std::string name : {"a.mp3", "a.aac", "a.flac", "a.mkv"}) {
    SCOPED_TRACE(name);
    std::string bytes =
        Contents(Make(name, tone + (name == "a.mkv" ? " -c:a aac" : "")));
    for (std::size_t i = bytes.size() / 3; i < bytes.size() / 2; i += 3)
      bytes[i] = static_cast<char>(i * 131);
    const Sound sound = Listen(Write(name, bytes));
    EXPECT_EQ(sound.error, "");
    EXPECT_FALSE(sound.is_none);
    EXPECT_GT(Seconds(sound), 3);
    EXPECT_LT(Seconds(sound), 11);
    EXPECT_GT(ShareOf(sound, 440, 0.5, 2.5), 0.9);
    for (const Warning& warning : sound.warnings)
      EXPECT_EQ(warning.code, "sound_damaged");
  }
}

TEST_F(SoundFiles, ThatAreDamagedWithinAStretchAreSaidToBe) {
  const std::string tone =
      "-f lavfi -i \"aevalsrc=exprs='0.5*sin(2*PI*440*t)':s=44100:d=10\"";
  std::string bytes = Contents(Make("a.mkv", tone + " -c:a aac"));
  for (std::size_t i = bytes.size() / 3; i < bytes.size() / 2; i += 3)
    bytes[i] = static_cast<char>(i * 131);
  const std::string path = Write("a.mkv", bytes);
  const Sound whole = Listen(path);
  ASSERT_THAT(whole.warnings, SizeIs(1));
  EXPECT_THAT(whole.warnings[0].message,
              testing::MatchesRegex(".*/a.mkv: [0-9]+ pieces of its sound "
                                    "cannot be decoded; the others are heard"));
  Hearing hearing;
  hearing.end = milliseconds(7000);
  const Sound stretch = Listen(path, hearing);
  EXPECT_EQ(Seconds(stretch), 7);
  ASSERT_THAT(stretch.warnings, SizeIs(1));
  EXPECT_EQ(stretch.warnings[0].code, "sound_damaged");
  EXPECT_EQ(stretch.warnings[0].message, whole.warnings[0].message);
  hearing.end = milliseconds(2000);
  EXPECT_THAT(Listen(path, hearing).warnings, IsEmpty());
}

TEST_F(SoundFiles, OfOneSampleAreThatSample) {
  const Sound sound = Listen(Write("one.wav", FloatWav({0.25f})));
  EXPECT_THAT(sound.samples, ElementsAre(0.25f));
  EXPECT_THAT(sound.warnings, IsEmpty());
  EXPECT_THAT(Listen(Make("one_at_44.wav",
                          "-f lavfi -i aevalsrc=exprs=0.5:s=44100 -frames:a 1 "
                          "-af atrim=end_sample=1"))
                  .error,
              "");
}

TEST_F(SoundFiles, ThatHoldNoSampleGiveNone) {
  const Sound sound = Listen(Write("none.wav", FloatWav({})));
  EXPECT_THAT(sound.samples, IsEmpty());
}

TEST_F(SoundFiles, GiveZeroForWhatIsNoNumber) {
  std::vector<float> samples(32000, 0.25f);
  samples[100] = std::numeric_limits<float>::quiet_NaN();
  samples[200] = std::numeric_limits<float>::infinity();
  samples[300] = -std::numeric_limits<float>::infinity();
  const Sound sound = Listen(Write("nan.wav", FloatWav(samples)));
  ASSERT_THAT(sound.samples, SizeIs(32000));
  for (const std::size_t i : {100, 200, 300}) samples[i] = 0;
  EXPECT_EQ(sound.samples, samples);
}

TEST_F(SoundFiles, GiveNoSampleBeyondFullScale) {
  std::vector<float> samples(32000, 0.25f);
  samples[100] = 1e6f;
  samples[200] = -1e30f;
  const Sound sound = Listen(Write("loud.wav", FloatWav(samples)));
  samples[100] = 1;
  samples[200] = -1;
  EXPECT_EQ(sound.samples, samples);
}

}  // namespace
}  // namespace vsa
