#include "subtitle/raw_subtitles.h"

#include <algorithm>
#include <utility>

namespace vsa {
namespace {

using std::chrono::seconds;

// Swapping a reversed pair of times must give a caption of believable length;
// else only the start is believed.
constexpr Time kLongestSwapped = seconds(10);
constexpr Time kLengthOfBrokenEnd = seconds(3);
// Recognisers of speech give single words and phrases no length.
constexpr Time kShortest = std::chrono::milliseconds(1);
// A caption without an end of its own is not shown through a long silence.
constexpr Time kLongestOpen = seconds(10);

}  // namespace

Time EndOfOpen(Time start, Time next) {
  const Time longest = start + kLongestOpen;
  return next > start ? std::min(longest, next) : longest;
}

void EndOpenCues(std::vector<RawCue>* cues) {
  Time next = kOpenEnd;  // when the next caption starts
  for (size_t i = cues->size(); i-- > 0;) {
    RawCue& cue = (*cues)[i];
    // Captions that start at once end at once.
    if (i + 1 < cues->size() && (*cues)[i + 1].start > cue.start) {
      next = (*cues)[i + 1].start;
    }
    if (cue.end == kOpenEnd) cue.end = EndOfOpen(cue.start, next);
  }
}

void AddWarning(const std::string& path, int line, const std::string& code,
                const std::string& what, RawSubtitles* out) {
  out->warnings.push_back(
      {code, path + ":" + std::to_string(line) + ": " + what});
}

bool RepairTimes(const std::string& path, RawCue* cue, RawSubtitles* out) {
  if (cue->end < Time(0) && cue->start < Time(0)) {
    AddWarning(path, cue->line, "subtitle_block_skipped",
               "a caption before the time 0: skipped", out);
    return false;
  }
  if (cue->end == cue->start) {
    cue->end += kShortest;
    AddWarning(path, cue->line, "subtitle_time_repaired",
               "a caption of no length: read as one of 1 ms", out);
  }
  if (cue->end < cue->start) {
    const bool swap =
        cue->start - cue->end <= kLongestSwapped && cue->end >= Time(0);
    if (swap) {
      std::swap(cue->start, cue->end);
    } else {
      cue->end = cue->start + kLengthOfBrokenEnd;
    }
    AddWarning(path, cue->line, "subtitle_time_repaired",
               std::string("the end is before the start: ") +
                   (swap ? "swapped" : "ends 3 s after its start"),
               out);
  }
  if (cue->start < Time(0)) {
    cue->start = Time(0);
    if (cue->end <= cue->start) {
      AddWarning(path, cue->line, "subtitle_block_skipped",
                 "a caption before the time 0: skipped", out);
      return false;
    }
    AddWarning(path, cue->line, "subtitle_time_repaired",
               "the start is before the time 0: set to 0", out);
  }
  return true;
}

void AddCue(const std::string& path, RawCue cue, RawSubtitles* out) {
  if (RepairTimes(path, &cue, out)) out->cues.push_back(std::move(cue));
}

}  // namespace vsa
