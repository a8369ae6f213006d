// From what a fusion says to a verdict.
#ifndef VSA_PREDICTION_H_
#define VSA_PREDICTION_H_

#include "vsa/model.h"
#include "vsa/types.h"

namespace vsa {

Prediction ToPrediction(const FusionOutput& output);

}  // namespace vsa

#endif  // VSA_PREDICTION_H_
