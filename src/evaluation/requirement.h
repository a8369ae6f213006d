// Floors and ceilings that figures must keep, as "non0_acc2>=0.83".
#ifndef VSA_EVALUATION_REQUIREMENT_H_
#define VSA_EVALUATION_REQUIREMENT_H_

#include <string>
#include <vector>

#include "evaluation/metrics.h"

namespace vsa {

struct Requirement {
  std::string text;  // as it was given
  MetricIndex metric;
  std::string comparison;  // ">=", "<=", ">" or "<"
  double bound;
};

// Throws Error (kUsage), "--require TEXT: …", for a figure that `scale` has not
// or anything else that is not NAME, comparison, number.
Requirement ParseRequirement(const std::string& text, Scale scale);

// The line that says which requirements are not met and what the figures are;
// empty if all are met. Figures are compared as reported; an undefined one
// meets nothing.
std::string Shortfall(const Metrics& metrics,
                      const std::vector<Requirement>& requirements,
                      Compat compat);

}  // namespace vsa

#endif  // VSA_EVALUATION_REQUIREMENT_H_
