// What vsa or another system said of labelled clips, from a file.
#ifndef VSA_EVALUATION_PREDICTIONS_H_
#define VSA_EVALUATION_PREDICTIONS_H_

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "analysis/result_types.h"
#include "evaluation/labels.h"

namespace vsa {

struct ClipPrediction {
  float score = 0;  // on the labels' scale
  std::optional<std::array<double, 3>> probabilities;
  // What it rests on; nullopt: not known. Without either, and of a clip that
  // failed, `score` is 0 and the class neutral.
  std::optional<bool> text, pictures;
  bool failed = false;

  bool has_evidence() const {
    return !failed && (text.value_or(true) || pictures.value_or(true));
  }
};

struct Predictions {
  std::vector<ClipPrediction> clips;  // one for each that was asked for
  std::optional<ModelName> model;     // if one made them all and is known
};

// Of a CSV file (video_id, clip_id, score and perhaps negative, neutral,
// positive) or a file of results, for each of `clips` its prediction; others in
// it are left out. Scores of a CSV file are taken as they are, intensities of
// results are brought to `scale`. Throws Error
// (kUsage), "PATH[:LINE]: …", if it cannot be read, holds an id twice or a
// wrong figure, or lacks a clip.
Predictions ReadPredictions(const std::string& path,
                            const std::vector<LabelledClip>& clips,
                            Scale scale);

// The CSV file that ReadPredictions reads: `predictions` are those of `clips`.
std::string FormatPredictions(const std::vector<LabelledClip>& clips,
                              const std::vector<ClipPrediction>& predictions);

// Whether a file has the header of FormatPredictions; false if it cannot be
// read.
bool IsPredictions(const std::string& path);

// A bundle's intensity, on -3..3, as a score on `scale`.
float ScoreOf(float intensity, Scale scale);

// The prediction for a clip without evidence or that failed.
ClipPrediction NoPrediction(bool failed);

}  // namespace vsa

#endif  // VSA_EVALUATION_PREDICTIONS_H_
