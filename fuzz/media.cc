// Whole media files, through all that opens them: what is probed, tracks of
// text, sound, pictures, where pictures can be entered. The files lie in memory
// (TMPDIR), for the names of files are part of what is tried.
#include "backends/media/audio_libav.h"
#include "backends/media/libraries.h"
#include "backends/media/probe_libav.h"
#include "backends/media/seek_libav.h"
#include "backends/media/text_track_libav.h"
#include "backends/media/video_libav.h"
#include "fuzz/checks.h"
#include "subtitle/track.h"

using namespace vsa;
using namespace vsa::fuzz;

constexpr int kMost = 8;  // frames, and stretches of sound, of one file

static void CheckTracks(const std::string& path) {
  for (const TextTrack& track : ListTextTracks(path)) {
    Allow({ErrorKind::kInput}, [&] {
      TrackText text = ReadTextTrack(path, track.index);
      DecodeCaptions("", &text);
      const Subtitles read = ParseTrack(path, track.codec, text);
      CheckCues(read.cues);
      CheckWarnings(read.warnings);
    });
  }
}

static void CheckSound(const std::string& path) {
  ListSoundTracks(path);
  const auto sound = OpenAudio(path, {});
  std::vector<float> samples;
  for (int i = 0; sound && i < kMost && sound->Next(&samples); ++i) {
    Require(!samples.empty(), "Next gives samples or is false");
    samples.clear();
  }
}

static void CheckPictures(const std::string& path, const Sampling& sampling) {
  const auto video = OpenVideo(path, sampling);
  Frame frame;
  Time last = Time::min();
  for (int i = 0; i < kMost && video->Next(&frame); ++i) {
    Require(frame.time > last, "frames are in order");
    last = frame.time;
    Require(frame.image.width > 0 && frame.image.height > 0 &&
                frame.image.pixels.size() ==
                    static_cast<std::size_t>(frame.image.width) *
                        static_cast<std::size_t>(frame.image.height) * 3,
            "a picture has its pixels");
  }
  CheckWarnings(video->warnings());
}

VSA_FUZZ_TARGET(bytes) {
  static const bool quiet = (ConfigureLibraries(), true);
  (void)quiet;
  const std::string path = FileOf("a", bytes);
  Allow({ErrorKind::kInput}, [&] {
    const VideoProbe probe = ProbeVideo(path);
    Require(probe.pictures || probe.sound, "a video has pictures or sound");
    if (probe.duration)
      Require(*probe.duration >= Time(0), "a duration is none below 0");
    // Of what FFmpeg decodes without bounds on its own memory.
    if (static_cast<long long>(probe.width) * probe.height > 4000000) return;
    Allow({ErrorKind::kInput}, [&] { CheckTracks(path); });
    Allow({ErrorKind::kInput}, [&] { CheckSound(path); });
    Allow({ErrorKind::kInput}, [&] { FindSeekPoint(path, Time(500000), 2); });
    Sampling sampling;
    Allow({ErrorKind::kInput}, [&] { CheckPictures(path, sampling); });
    sampling.keyframes = true;
    sampling.start = Time(200000);
    Allow({ErrorKind::kInput}, [&] { CheckPictures(path, sampling); });
  });
}
