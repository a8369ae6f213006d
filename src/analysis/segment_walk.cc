#include "analysis/segment_walk.h"

#include <cstdio>

namespace vsa {
namespace {

std::string Seconds(Time time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s",
                std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

void AddWarnings(const VideoReader& reader, const SubtitleSource& source,
                 const Sampling& sampling, std::vector<Warning>* warnings) {
  const std::vector<Warning>& odd = reader.warnings();
  warnings->insert(warnings->end(), odd.begin(), odd.end());
  if (sampling.end) return;
  const std::vector<Cue>& cues = source.cues;
  const Time end = reader.media_end();
  const auto late = [&](const Cue& cue) { return cue.start >= end; };
  const auto count = std::count_if(cues.begin(), cues.end(), late);
  if (count == 0) return;
  const Cue& first = *std::find_if(cues.begin(), cues.end(), late);
  warnings->push_back(
      {"cue_after_end", source.name + ":" + std::to_string(first.line) + ": " +
                            std::to_string(count) +
                            (count == 1 ? " cue starts" : " cues start") +
                            " after the end of the media (" + Seconds(end) +
                            ")"});
}

}  // namespace vsa
