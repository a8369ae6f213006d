// The whole way of one video: subtitles and frames in, a verdict for each
// segment and for the whole out.
#ifndef VSA_ANALYSIS_ANALYZE_H_
#define VSA_ANALYSIS_ANALYZE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/item.h"
#include "analysis/result_types.h"
#include "vsa/types.h"

namespace vsa {

// What a segment is judged by, in the order of the judge's modalities, and
// where each vector of its pictures comes from. It refers to what lives during
// the call alone.
struct JudgedSegment {
  const Segment& segment;
  int frames;  // sampled in it
  const Evidence& evidence;
  const std::vector<FaceSource>& sources;
};
using TakeSegment = std::function<void(const JudgedSegment&)>;

// `take`, where it is not empty, gets each segment in order, those without
// evidence too. Throws Error: kInput if the video or the subtitles asked for
// cannot be used, kSetup if the model cannot; and what `take` throws. Memory
// does not grow with the length of the video but for the segments. Safe to call
// from several threads with one engine.
Analysis Analyze(const Item& item, const Engine& engine,
                 const TakeSegment& take = nullptr);

// The verdicts on texts without a video, one for each; none for a text without
// tokens. They follow from `texts` alone: the last bits of one may depend on
// the others. Texts of like length take the least time. Throws Error
// (kInternal) if the model fails. Safe to call from several threads with one
// judge.
std::vector<std::optional<Prediction>> AnalyzeTexts(
    const std::vector<std::string>& texts, const Judge& judge);

}  // namespace vsa

#endif  // VSA_ANALYSIS_ANALYZE_H_
