// What an analysis says of one video: plain data, from the verdicts on its
// segments to the verdict on the whole.
#ifndef VSA_ANALYSIS_RESULT_TYPES_H_
#define VSA_ANALYSIS_RESULT_TYPES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "vsa/modality.h"
#include "vsa/types.h"

namespace vsa {

// The bundles as a result names them.
struct ModelName {
  std::string name;
  std::string version;
  std::string sha256;  // of model.json
  std::string dtype;   // the one that ran: "fp32" or "bf16"
};
struct SpeechName {
  std::string name;
  std::string version;
  std::string sha256;  // of speech.json
};

// What one modality did to a segment's verdict.
struct ModalityPart {
  std::optional<Prediction> alone;  // the verdict by it alone; none without it
  // What it changed of the predicted class's probability, from even odds, and
  // of the intensity, from 0. The parts of all modalities add up.
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
  std::vector<ModalityPart> parts;  // by modality
  std::vector<WordScore> words;     // all of them, in order
  std::vector<FaceScore> faces;     // at most 16, in order (explain.h)
};

struct SegmentVerdict {
  Segment segment;
  int frames = 0;  // sampled; of keyframes the nearest one counts in several
  int faces = 0;   // crops used
  std::vector<bool> present;  // by modality: whether it is evidence here
  std::optional<Prediction> prediction;    // none without evidence
  std::optional<Explanation> explanation;  // if asked for
  std::optional<double> confidence;        // of words that were heard, 0..1
};

// That the words were heard, by what, and in how much sound.
struct HeardSpeech {
  std::string language;
  double probability = 0;
  Time length{0};
  SpeechName model;
};

// Seconds that the stages were at work; they run side by side, so their sum is
// more than `total`.
struct StageSeconds {
  double total = 0, hear = 0, decode = 0, crop = 0, encode_frames = 0,
         encode_text = 0, fuse = 0, explain = 0;
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
  std::optional<ModelName> model;       // of the bundle that judged, if one did
  std::optional<Prediction> whole;      // the mean of all comments'
  std::vector<AudienceWindow> windows;  // side by side, empty ones included
  std::vector<std::size_t> moments;     // windows with the most comments first
};

struct Analysis {
  std::optional<std::string> id;
  std::optional<std::string> date;
  ModelName model;  // of the bundle that judged
  std::string video;
  VideoInfo info;  // duration: as read to the end; as declared if only a
                   // stretch was asked for
  bool keyframes = false;  // only they were decoded
  int frames_sampled = 0;
  std::string subtitle_source =
      "none";  // "option", "sidecar", "embedded", "speech" or "none"; the
               // next three are empty for the last two
  std::string subtitle_path;
  std::string subtitle_format;
  std::string subtitle_encoding;
  std::optional<int> subtitle_track;  // of "embedded", as is its language
  std::string subtitle_language;      // as the file names it, or empty
  int cues = 0;
  std::optional<HeardSpeech> speech;
  std::vector<Modality> modalities;  // in the order of all that is by modality
  std::vector<bool> present;         // by modality: in any segment
  std::optional<Prediction> whole;
  std::vector<SegmentVerdict> segments;
  std::optional<Audience> audience;
  std::vector<Warning> warnings;
  StageSeconds seconds;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_RESULT_TYPES_H_
