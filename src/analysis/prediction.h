// From what a fusion says to a verdict, and from verdicts to their mean.
#ifndef VSA_ANALYSIS_PREDICTION_H_
#define VSA_ANALYSIS_PREDICTION_H_

#include <optional>

#include "vsa/model.h"
#include "vsa/types.h"

namespace vsa {

Prediction ToPrediction(const FusionOutput& output);

class PredictionMean {
 public:
  void Add(const Prediction& one, double weight);
  // Nothing if no weight was added.
  std::optional<Prediction> Get() const;

 private:
  Prediction sum_;
  double weight_ = 0;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_PREDICTION_H_
