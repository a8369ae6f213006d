#include "video/video_tail.h"

#include <algorithm>
#include <cmath>

#include "vsa/error.h"

namespace vsa {
namespace {

// Healthy files declare up to 0.12 s more than they show (sound that runs on):
// four times that.
constexpr Time kTailMargin = std::chrono::milliseconds(500);

constexpr Time kRounding{100};

// Seconds with one decimal, or none where it would be 0.
std::string Tenths(Time time) {
  const long long tenths =
      std::llround(std::chrono::duration<double>(time).count() * 10);
  return std::to_string(tenths / 10) +
         (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
}

Time ExactEnd(Time end, const VideoProbe& probe) {
  if (!probe.picture_length) return end;
  const Time declared = probe.start + *probe.picture_length;
  return std::chrono::abs(end - declared) < kRounding ? declared : end;
}

// Where the pictures should end. What is declared of the whole file says it
// only where less was read: else sound or subtitles outlast the pictures.
Time ExpectedEnd(const ReadEnds& read, const VideoProbe& probe) {
  if (probe.picture_end) return *probe.picture_end;
  const bool cut = !probe.estimated && probe.duration &&
                   read.media + kTailMargin < *probe.duration;
  if (cut) return *probe.duration;
  return std::min(read.packets, probe.duration.value_or(read.packets));
}

std::optional<Warning> WarnOfTail(const std::string& path, Time end,
                                  const ReadEnds& read,
                                  const VideoProbe& probe) {
  if (probe.too_long)
    return Warning{"video_too_long",
                   path +
                       ": pictures go on after 240 hours, or are declared "
                       "to; what is shown before is used"};
  const Time expected = ExpectedEnd(read, probe);
  if (end + kTailMargin >= expected) return std::nullopt;
  return Warning{"video_tail_unreadable",
                 path + ": pictures end at " + Tenths(end) + " s though " +
                     Tenths(expected) +
                     " s are declared; what could be read is used"};
}

}  // namespace

VideoTail FindTail(const std::string& path, const ReadEnds& read,
                   const VideoProbe& probe) {
  const Time exact = ExactEnd(read.pictures, probe);
  return {exact, WarnOfTail(path, exact, read, probe)};
}

void FailWithoutPictures(const std::string& path, const char* pictures,
                         const VideoProbe& probe) {
  throw Error(ErrorKind::kInput, path + ": none of its " + pictures + " (" +
                                     probe.codec +
                                     ") can be decoded; the file is damaged or "
                                     "cut short");
}

}  // namespace vsa
