// What a bundle judges by: its constants, and the seams that agree on them.
#ifndef VSA_ANALYSIS_JUDGE_H_
#define VSA_ANALYSIS_JUDGE_H_

#include <functional>
#include <string>
#include <vector>

#include "analysis/evidence_source.h"
#include "analysis/result_types.h"
#include "vsa/cropper.h"
#include "vsa/model.h"
#include "vsa/tokenizer.h"
#include "vsa/types.h"

namespace vsa {

struct Judge {
  ModelName name;  // as results have it
  std::vector<std::string> languages;
  TextSpec text;
  SegmentSpec segments;
  const Tokenizer* tokenizer = nullptr;
  const Model* model = nullptr;
  std::function<Cropper()> make_cropper;  // some are made for each video
  // What the model fuses and segments.weights weighs, in their order. It begins
  // as kModalities does.
  std::vector<EvidenceKind> modalities = AllEvidence();
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_JUDGE_H_
