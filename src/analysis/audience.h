// What the audience wrote over a video (danmaku): how much of it when, and how
// it reads. Kept apart from what is said in the video.
#ifndef VSA_ANALYSIS_AUDIENCE_H_
#define VSA_ANALYSIS_AUDIENCE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/item.h"
#include "analysis/judge.h"
#include "analysis/result_types.h"
#include "subtitle/danmaku.h"
#include "vsa/types.h"

namespace vsa {

// A verdict for each text; none for one without evidence.
using JudgeTexts = std::function<std::vector<std::optional<Prediction>>(
    const std::vector<std::string>&, const Judge&)>;

struct AudienceFile {
  std::string path;
  std::string encoding;
  std::vector<Comment> comments;
};

// `item.danmaku`, else "a.xml" beside "a.mp4", whether it is there or not.
std::string DanmakuPath(const Item& item);

// The comments of `item.danmaku`, else of "a.xml" beside "a.mp4" if that is
// danmaku, else nothing. Throws Error (kInput) if a file that was asked for
// cannot be used or is larger than 100 MB; a sidecar that cannot be is a
// warning (sidecar_unusable).
std::optional<AudienceFile> ReadAudience(const Item& item,
                                         std::vector<Warning>* warnings);

// Windows of 10 s from the item's start to `end`, which is that of the pictures
// or of the asked stretch; comments outside of it are left out (after the end
// of the pictures with warning danmaku_after_end). Which of `judges` judges
// them follows from their own language; where that is not sure it is the
// video's. Comments in a language that none knows are not judged (warning
// text_language); of more than
// 10,000 different ones so many are, evenly taken (warning danmaku_sampled).
Audience Observe(AudienceFile file, const Item& item, Time end,
                 const std::vector<Judge>& judges, const Judge& of_video,
                 const JudgeTexts& judge_texts, std::vector<Warning>* warnings);

}  // namespace vsa

#endif  // VSA_ANALYSIS_AUDIENCE_H_
