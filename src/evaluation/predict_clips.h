// Labelled clips through the model: the words of their table, and their
// pictures where there are videos.
#ifndef VSA_EVALUATION_PREDICT_CLIPS_H_
#define VSA_EVALUATION_PREDICT_CLIPS_H_

#include <string>
#include <vector>

#include "analysis/analyze.h"
#include "evaluation/labels.h"
#include "evaluation/predictions.h"

namespace vsa {

struct ClipRun {
  std::vector<ClipPrediction> clips;  // in the order of those asked for
  std::vector<std::string> errors;    // of those that failed, a line each
  int without_video = 0;
};

// The files of `videos` that may be a clip's, VIDEOS/<video_id>/<clip_id>.*, in
// the order of their names' bytes.
std::vector<std::string> ClipFiles(const LabelledClip& clip,
                                   const std::string& videos);

// The pictures of a clip are VIDEOS/<video_id>/<clip_id>.*, with all of the
// clip's words said over all of them; without such a file, or with `videos`
// empty, its words are all there is. The result follows from the clips alone,
// whatever `workers`, the threads for those without videos. A video that fails
// is one of the result; throws Error (kUsage) if `videos` is no folder, kSetup
// or kInternal if the model cannot be used.
ClipRun PredictClips(const std::vector<LabelledClip>& clips,
                     const std::string& videos, const Engine& engine,
                     int workers);

}  // namespace vsa

#endif  // VSA_EVALUATION_PREDICT_CLIPS_H_
