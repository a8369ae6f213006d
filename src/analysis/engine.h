// What a run shares between videos.
#ifndef VSA_ANALYSIS_ENGINE_H_
#define VSA_ANALYSIS_ENGINE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/item.h"
#include "analysis/judge.h"
#include "analysis/result_types.h"
#include "base/task_pool.h"
#include "speech/recognise.h"
#include "vsa/text_track.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

struct Engine {
  std::vector<Judge> judges = std::vector<Judge>(1);
  std::function<std::unique_ptr<VideoReader>(const std::string& path,
                                             const Sampling&)>
      open_video;
  TextTrackReader tracks;  // may be empty: no track is read
  // What is said in an item's video, in cues as LayOut gives them; nullopt if
  // nothing can be heard. Empty: nothing is heard.
  std::function<std::optional<Heard>(const Item& item, TaskPool* pool,
                                     std::vector<Warning>* warnings)>
      hear;
  // What hears. Empty: as `hear` does where there is no speech bundle, nothing
  // does. Throws as `hear`.
  std::function<SpeechName()> speech;
  // Threads of one video that crop and encode its frames. No result depends on
  // it.
  int workers = 1;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_ENGINE_H_
