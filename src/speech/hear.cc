#include "speech/hear.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

#include "speech/decode.h"
#include "speech/pauses.h"

namespace vsa {
namespace {

// So often at most what is heard of a gap leaves one.
constexpr int kMostRounds = 4;

// In frames of pauses: so much sound at least is heard again, behind the last
// word and between two, and so much of the pause before it stays.
constexpr std::ptrdiff_t kLeastRest = 50;
constexpr std::ptrdiff_t kLeastHole = 100;
constexpr std::ptrdiff_t kLead = 10;

// What is heard between two words is believed where it is as sure as this: most
// often it is noise there, not a sentence that was skipped.
constexpr double kLeastConfidence = 0.6;

// Sound of a window that nothing is heard of, in frames.
struct Gap {
  std::size_t window = 0;
  std::ptrdiff_t begin = 0;
  std::ptrdiff_t end = 0;
  bool hole = false;  // between two words
};

// Those behind each of `cues`, the last one's before `end`.
void AddGaps(std::size_t window, const std::vector<HeardCue>& cues,
             std::ptrdiff_t end, const std::vector<bool>& pauses, bool in_hole,
             std::vector<Gap>* gaps) {
  for (std::size_t i = 0; i < cues.size(); ++i) {
    const bool last = i + 1 == cues.size();
    const auto to = last ? end
                         : std::min(end, static_cast<std::ptrdiff_t>(
                                             cues[i + 1].start / kPauseTime));
    const auto said =
        std::min(to, static_cast<std::ptrdiff_t>(
                         (cues[i].end + kPauseTime - Time(1)) / kPauseTime));
    const auto behind = std::next(pauses.begin(), said);
    const auto before = std::next(pauses.begin(), to);
    if (std::count(behind, before, false) <= (last ? kLeastRest : kLeastHole))
      continue;
    const std::ptrdiff_t sound =
        std::find(behind, before, false) - pauses.begin();
    gaps->push_back(
        {window, std::max(said, sound - kLead), to, in_hole || !last});
  }
}

}  // namespace

std::vector<std::vector<HeardCue>> Hear(
    const SpeechModel& model, const std::vector<std::vector<float>>& windows,
    const SpeechStates* states, const std::vector<WindowSound>& sounds,
    std::uint64_t first, const std::string& language, const SpeechSpec& spec) {
  std::vector<std::vector<HeardCue>> texts =
      Decode(states != nullptr ? *states : *model.Encode(windows), sounds,
             first, language, spec);
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const std::vector<bool>& pauses = sounds[i].pauses;
    AddGaps(i, texts[i], static_cast<std::ptrdiff_t>(pauses.size()), pauses,
            false, &gaps);
  }
  for (int round = 1; round <= kMostRounds && !gaps.empty(); ++round) {
    std::vector<std::vector<float>> rests;
    std::vector<WindowSound> rest_sounds;
    for (const Gap& gap : gaps) {
      const std::vector<float>& window = windows[gap.window];
      const std::vector<bool>& pauses = sounds[gap.window].pauses;
      const auto size = static_cast<std::ptrdiff_t>(window.size());
      rests.emplace_back(
          std::next(window.begin(), gap.begin * kPauseSamples),
          std::next(window.begin(), std::min(size, gap.end * kPauseSamples)));
      rest_sounds.push_back(
          {static_cast<double>(rests.back().size()) / kSampleRate,
           std::vector<bool>(std::next(pauses.begin(), gap.begin),
                             std::next(pauses.begin(), gap.end))});
    }
    // Numbers that no window has: there are not so many.
    std::vector<std::vector<HeardCue>> heard = Decode(
        *model.Encode(rests), rest_sounds,
        first + (static_cast<std::uint64_t>(round) << 28), language, spec);
    std::vector<Gap> left;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
      const Gap& gap = gaps[i];
      if (gap.hole) {
        heard[i].erase(std::remove_if(heard[i].begin(), heard[i].end(),
                                      [](const HeardCue& cue) {
                                        return cue.confidence <
                                               kLeastConfidence;
                                      }),
                       heard[i].end());
      }
      for (HeardCue& cue : heard[i]) Shift(gap.begin * kPauseTime, &cue);
      AddGaps(gap.window, heard[i], gap.end, sounds[gap.window].pauses,
              gap.hole, &left);
      std::vector<HeardCue>& text = texts[gap.window];
      // Behind all that is said before the gap.
      const auto at = std::upper_bound(
          text.begin(), text.end(), gap.begin * kPauseTime,
          [](Time time, const HeardCue& cue) { return time < cue.start; });
      text.insert(at, std::make_move_iterator(heard[i].begin()),
                  std::make_move_iterator(heard[i].end()));
    }
    gaps = std::move(left);
  }
  return texts;
}

}  // namespace vsa
