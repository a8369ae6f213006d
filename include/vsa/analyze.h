// The whole way of one video: subtitles and frames in, a verdict for each
// segment and for the whole out.
#ifndef VSA_ANALYZE_H_
#define VSA_ANALYZE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  std::function<Cropper()> make_cropper;  // one is made for each video
  TextTrackReader tracks;                 // may be empty: no track is read
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

// What one modality did to a segment's verdict.
struct ModalityPart {
  std::optional<Prediction> alone;  // the verdict by it alone; none without it
  // What it changed of the predicted class's probability, from even odds, and
  // of the intensity, from 0. The parts of both modalities add up.
  double probability = 0;
  double intensity = 0;
};

// A word of a segment's text, bytes [begin, end), or a face: by how much the
// predicted class's probability falls without it (below 0: it spoke against
// it).
struct WordScore {
  std::size_t begin = 0, end = 0;
  double score = 0;
};
struct FaceSource {
  Time time{0};                               // of its frame
  float x = 0, y = 0, width = 0, height = 0;  // pixels of the frame
};
struct FaceScore {
  FaceSource face;
  double score = 0;
};

struct Explanation {
  ModalityPart text, visual;
  std::vector<WordScore> words;  // all of them, in order
  std::vector<FaceScore> faces;  // at most 16, in order (explain.h)
};

struct SegmentVerdict {
  Segment segment;
  int frames = 0;  // sampled; of keyframes the nearest one counts in several
  int faces = 0;   // crops used
  bool text = false;
  bool visual = false;
  std::optional<Prediction> prediction;    // none without evidence
  std::optional<Explanation> explanation;  // if asked for
};

// Seconds that the stages were at work; they run side by side, so their sum is
// more than `total`.
struct StageSeconds {
  double total = 0, decode = 0, crop = 0, encode_frames = 0, encode_text = 0,
         fuse = 0, explain = 0;
};

// A stretch of time in which the audience commented.
struct AudienceWindow {
  Time start{0};
  Time end{0};
  int comments = 0;
  std::optional<Prediction> prediction;  // the mean of its comments'
};

// What the audience wrote over the video (danmaku): not what is said in it.
struct Audience {
  std::string path;
  std::string encoding;
  int comments = 0;
  std::optional<Prediction> whole;      // the mean of all comments'
  std::vector<AudienceWindow> windows;  // side by side, empty ones included
  std::vector<std::size_t> moments;     // windows with the most comments first
};

struct Analysis {
  std::optional<std::string> id;
  std::optional<std::string> date;
  std::string video;
  VideoInfo info;  // duration: as read to the end; as declared if only a
                   // stretch was asked for
  bool keyframes = false;  // only they were decoded
  int frames_sampled = 0;
  std::string subtitle_source =
      "none";  // "option", "sidecar", "embedded" or "none"; the
               // next three are empty for "none"
  std::string subtitle_path;
  std::string subtitle_format;
  std::string subtitle_encoding;
  std::optional<int> subtitle_track;  // of "embedded", as is its language
  std::string subtitle_language;      // as the file names it, or empty
  int cues = 0;
  bool text = false;
  bool visual = false;
  std::optional<Prediction> whole;
  std::vector<SegmentVerdict> segments;
  std::optional<Audience> audience;
  std::vector<Warning> warnings;
  StageSeconds seconds;
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

#endif  // VSA_ANALYZE_H_
