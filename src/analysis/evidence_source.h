// Where the evidence of each modality comes from, segment by segment.
#ifndef VSA_ANALYSIS_EVIDENCE_SOURCE_H_
#define VSA_ANALYSIS_EVIDENCE_SOURCE_H_

#include <functional>
#include <memory>
#include <vector>

#include "analysis/item.h"
#include "analysis/result_types.h"
#include "vsa/modality.h"
#include "vsa/model.h"
#include "vsa/types.h"

namespace vsa {

struct Judge;

// The evidence of one modality in one video. Not safe to share.
class EvidenceSource {
 public:
  virtual ~EvidenceSource() = default;

  // Of the next segment, whose faces are `faces`. Segments come in the
  // order of time. Throws what the model throws.
  virtual ModalityEvidence Take(const Segment& segment,
                                const ModalityEvidence& faces) = 0;
};

// What the sources of a video work from. The first two and `seconds` outlive
// them.
struct EvidenceInput {
  const Item& item;
  const Judge& judge;
  StageSeconds* seconds;                // to which they add their own
  std::vector<std::string> utterances;  // the texts of the segments that will
                                        // have one, in order
};

// A modality, and what opens its source in a video.
struct EvidenceKind {
  Modality modality;
  std::function<std::unique_ptr<EvidenceSource>(const EvidenceInput&)> open;
};

// One for each of kModalities.
std::vector<EvidenceKind> AllEvidence();

// A text's, of its vector; none without tokens, where that is empty.
ModalityEvidence TextEvidence(std::vector<float> vector);

}  // namespace vsa

#endif  // VSA_ANALYSIS_EVIDENCE_SOURCE_H_
