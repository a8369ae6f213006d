// What a run shares between videos.
#ifndef VSA_ANALYSIS_ENGINE_H_
#define VSA_ANALYSIS_ENGINE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/evidence_source.h"
#include "analysis/item.h"
#include "base/task_pool.h"
#include "speech/recognise.h"
#include "vsa/cropper.h"
#include "vsa/model.h"
#include "vsa/text_track.h"
#include "vsa/tokenizer.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

// The seams, and the bundle's constants that they agree on.
struct Engine {
  TextSpec text;
  SegmentSpec segments;
  std::vector<std::string> languages;
  const Tokenizer* tokenizer = nullptr;
  const Model* model = nullptr;
  std::function<std::unique_ptr<VideoReader>(const std::string& path,
                                             const Sampling&)>
      open_video;
  std::function<Cropper()> make_cropper;  // some are made for each video
  TextTrackReader tracks;                 // may be empty: no track is read
  // What is said in an item's video, in cues as LayOut gives them; nullopt if
  // nothing can be heard. Empty: nothing is heard.
  std::function<std::optional<Heard>(const Item& item, TaskPool* pool,
                                     std::vector<Warning>* warnings)>
      hear;
  // Threads of one video that crop and encode its frames. No result depends on
  // it.
  int workers = 1;
  // What the model fuses and segments.weights weighs, in their order. It begins
  // as kModalities does.
  std::vector<EvidenceKind> modalities = AllEvidence();
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_ENGINE_H_
