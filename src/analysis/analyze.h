// The whole way of one video: subtitles and frames in, a verdict for each
// segment and for the whole out.
#ifndef VSA_ANALYSIS_ANALYZE_H_
#define VSA_ANALYSIS_ANALYZE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/result_types.h"
#include "vsa/model.h"
#include "vsa/text_track.h"
#include "vsa/tokenizer.h"
#include "vsa/types.h"
#include "vsa/video.h"

namespace vsa {

// Turns a sampled frame into what the frame encoder sees: no crop where it
// holds no evidence.
using Cropper = std::function<std::vector<Crop>(const Frame&)>;

// What a run shares between videos. The three seams, and the bundle's constants
// that they agree on.
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
  // Threads of one video that crop and encode its frames. No result depends on
  // it.
  int workers = 1;
};

// One video and how to look at it. All that can change a result is part of the
// key in batch_item.cc.
struct Item {
  std::string video;                     // path
  std::optional<std::string> id;         // handed through to the result
  std::optional<std::string> date;       // likewise
  std::optional<std::string> subtitles;  // path; else a sidecar is looked for
  bool no_subtitles = false;
  std::optional<std::string> track;    // text track: its index or language
  std::optional<std::string> danmaku;  // path; else a sidecar is looked for
  std::string encoding;                // of the subtitles; empty: detected
  // Said from start to end, instead of subtitles: the video is one segment.
  std::optional<std::string> words;
  Sampling sampling;
  bool explain = false;
};

// Throws Error: kInput if the video or the subtitles asked for cannot be used,
// kSetup if the model cannot. Memory does not grow with the length of the video
// but for the segments. Safe to call from several threads with one engine.
Analysis Analyze(const Item& item, const Engine& engine);

// The verdicts on texts without a video, one for each; none for a text without
// tokens. They follow from `texts` alone: the last bits of one may depend on
// the others. Texts of like length take the least time. Throws Error
// (kInternal) if the model fails. Safe to call from several threads with one
// engine.
std::vector<std::optional<Prediction>> AnalyzeTexts(
    const std::vector<std::string>& texts, const Engine& engine);

}  // namespace vsa

#endif  // VSA_ANALYSIS_ANALYZE_H_
