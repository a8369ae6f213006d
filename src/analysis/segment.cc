#include "analysis/segment.h"

#include <algorithm>

#include "analysis/sentence_end.h"
#include "text/joined.h"

namespace vsa {
namespace {

// A cue that a later one would cut to less than this is joined with it: the
// two are on the screen together.
constexpr Time kShortestCut = std::chrono::milliseconds(500);

Time FromSeconds(double seconds) {
  return std::chrono::duration_cast<Time>(
      std::chrono::duration<double>(seconds));
}

}  // namespace

std::vector<Segment> JoinCues(const std::vector<Cue>& cues,
                              const SegmentSpec& spec,
                              std::optional<Time> media_end) {
  const Time pause = FromSeconds(spec.pause);
  const Time longest = FromSeconds(spec.longest);
  std::vector<Segment> utterances;
  for (const Cue& cue : cues) {
    if (!utterances.empty()) {
      Segment& last = utterances.back();
      const bool crosses =
          media_end && last.start < *media_end && cue.start >= *media_end;
      const bool goes_on =
          !crosses && cue.start - last.end <= pause &&
          std::max(last.end, cue.end) - last.start <= longest &&
          !EndsSentence(last.text, cue.text);
      const bool together =
          cue.start < last.end && cue.start - last.start < kShortestCut;
      if (goes_on || together) {
        last.end = std::max(last.end, cue.end);
        AppendJoined(cue.text, &last.text);
        continue;
      }
      last.end = std::min(last.end, cue.start);
    }
    utterances.push_back({cue.start, cue.end, cue.text});
  }
  return utterances;
}

}  // namespace vsa
