#include "analysis/timeline.h"

#include <algorithm>
#include <utility>

namespace vsa {
namespace {

// A gap shorter than this is no segment of its own.
constexpr Time kShortGap = std::chrono::seconds(1);

}  // namespace

Timeline::Timeline(std::vector<Segment> utterances, const SegmentSpec& spec,
                   Time start, std::optional<Time> end)
    : longest_(std::max(kShortGap,
                        std::chrono::duration_cast<Time>(
                            std::chrono::duration<double>(spec.longest)))),
      start_(start),
      end_(end),
      given_(start) {
  for (Segment& utterance : utterances) {
    utterance.start = std::max(utterance.start, start);
    if (end) utterance.end = std::min(utterance.end, *end);
    if (utterance.start < utterance.end) {
      utterances_.push_back(std::move(utterance));
    }
  }
}

std::vector<Segment> Timeline::Advance(Time now) {
  return Take(now, /*ended=*/false);
}

Time Timeline::next_reaches() const {
  return begun_ ? utterances_[next_].end : given_;
}

std::vector<Segment> Timeline::Finish(Time end, Time media_end) {
  pictures_end_ = end;
  std::vector<Segment> out;
  if (end > Time(0)) out = Take(media_end, /*ended=*/true);
  for (; next_ < utterances_.size(); ++next_) {
    Segment& utterance = utterances_[next_];
    utterance.after_end = utterance.start >= media_end;
    if (!utterance.after_end)
      utterance.end = std::min(utterance.end, media_end);
    out.push_back(std::move(utterance));
  }
  return out;
}

Time Timeline::EndBefore(Time stop) const {
  const Time end = utterances_[next_].end;
  if (pictures_end_ <= end || pictures_end_ - end >= kShortGap) return end;
  return stop - pictures_end_ < kShortGap ? stop : pictures_end_;
}

std::vector<Segment> Timeline::Take(Time now, bool ended) {
  if (end_) now = std::min(now, *end_);
  begun_ = false;
  std::vector<Segment> out;
  while (next_ < utterances_.size() && utterances_[next_].start < now) {
    Segment& utterance = utterances_[next_];
    const bool at_start =
        given_ == start_ && utterance.start - start_ < kShortGap;
    if (!at_start) TakePictures(utterance.start, /*closed=*/true, &out);

    // Pictures up to here belong to it if they end before; from here on they
    // are those of the next utterance or of a stretch without words.
    const Time next = next_ + 1 < utterances_.size()
                          ? utterances_[next_ + 1].start
                          : Time::max();
    const bool close = next < utterance.end + kShortGap;
    const Time settled = close ? next : utterance.end + kShortGap;
    if (now < settled && !ended) {
      begun_ = true;
      return out;
    }
    const Time end = now < settled ? now
                     : close       ? next
                                   : EndBefore(std::min(next, now));
    if (at_start) utterance.start = start_;
    utterance.end = end;
    given_ = end;
    out.push_back(std::move(utterance));
    ++next_;
  }
  TakePictures(now, ended, &out);
  return out;
}

void Timeline::TakePictures(Time stop, bool closed, std::vector<Segment>* out) {
  const auto give = [&](Time end) {
    out->push_back({given_, end, ""});
    given_ = end;
  };
  if (pictures_end_ - given_ >= kShortGap &&
      stop - pictures_end_ >= kShortGap) {
    TakePictures(pictures_end_, /*closed=*/true, out);
  }
  // Sound that goes on for a moment moves no border but the last one.
  const bool moment = pictures_end_ > given_ && pictures_end_ < stop &&
                      stop - pictures_end_ < kShortGap;
  const Time border = moment ? pictures_end_ : stop;
  while (border - given_ >= longest_ + kShortGap) give(given_ + longest_);
  if (!closed || stop <= given_) return;
  // What is left must not end in a piece of less than a second.
  if (border - given_ > longest_) give(given_ + (border - given_) / 2);
  if (stop - given_ > longest_) give(given_ + (stop - given_) / 2);
  give(stop);
}

}  // namespace vsa
