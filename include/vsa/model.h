// The seam to the networks of a bundle: text and pictures to vectors, vectors
// to a verdict.
#ifndef VSA_MODEL_H_
#define VSA_MODEL_H_

#include <array>
#include <cstdint>
#include <vector>

#include "vsa/types.h"

namespace vsa {

// What one modality knows of a segment. Without vectors it is missing.
struct ModalityEvidence {
  std::vector<std::vector<float>> vectors;  // N of [D]
  std::vector<float> weights;  // N; the faces of one frame sum to 1
};

// What is known of one segment, by all modalities in the order of their list.
using Evidence = std::vector<ModalityEvidence>;

// What the fusion says of one segment.
struct FusionOutput {
  std::array<float, 3>
      sentiment_logits{};  // calibrated: their softmax are the probabilities
  float intensity = 0;     // -3..3
  std::array<float, 7> emotion_logits{};
  // By modality: the share of each of its vectors in the verdict, N of them;
  // none of a modality without several vectors.
  std::vector<std::vector<float>> shares;
};

// All calls are const and safe from several threads. A call's results depend on
// its arguments alone, to the bit: the threads inside of one call are fixed.
// Failures of the backend are thrown as Error (kInternal).
class Model {
 public:
  virtual ~Model() = default;

  // Rows of ids with [CLS] and [SEP], at most max_tokens long, padded here: one
  // vector [Dt] a row.
  virtual std::vector<std::vector<float>> EncodeText(
      const std::vector<std::vector<std::int32_t>>& rows) const = 0;

  // RGB images of the bundle's size: one vector [Dv] an image.
  virtual std::vector<std::vector<float>> EncodeFrames(
      const std::vector<const Image*>& images) const = 0;

  // One output for each.
  virtual std::vector<FusionOutput> Fuse(
      const std::vector<Evidence>& evidence) const = 0;
};

}  // namespace vsa

#endif  // VSA_MODEL_H_
