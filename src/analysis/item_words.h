// Where an item's words come from: its subtitles, or what is heard.
#ifndef VSA_ANALYSIS_ITEM_WORDS_H_
#define VSA_ANALYSIS_ITEM_WORDS_H_

#include <optional>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/item.h"
#include "analysis/result_types.h"
#include "base/task_pool.h"
#include "speech/recognise.h"
#include "subtitle/source.h"

namespace vsa {

struct ItemWords {
  SubtitleSource source;              // "speech" where words were heard
  const Judge* judge = nullptr;       // one of the engine's
  std::vector<Segment> utterances;    // as JoinCues gives them, for that judge
  std::optional<HeardSpeech> speech;  // likewise
  std::vector<HeardCue> heard;  // what `source.cues` were made of; they tell
                                // how sure they are
  double hear_seconds = 0;      // that hearing took
};

// Whether what is said in an item's video is heard, where its subtitles come
// from `source` (SubtitleSource::source).
bool IsHeard(const Item& item, const std::string& source);

// Reads the subtitles, or hears where IsHeard says so and the engine can,
// chooses who judges them, and joins them into utterances: of very many the
// first 100,000, of item.words one. What was odd in that is in
// `source.warnings`. `info` is that of the video. Throws what ReadSubtitles and
// the engine's `hear` throw.
ItemWords ReadItemWords(const Item& item, const VideoInfo& info,
                        const Engine& engine, TaskPool* pool);

}  // namespace vsa

#endif  // VSA_ANALYSIS_ITEM_WORDS_H_
