// Figures as all JSON of vsa holds them.
#ifndef VSA_BASE_FIGURES_H_
#define VSA_BASE_FIGURES_H_

#include <cmath>

#include "vsa/types.h"

namespace vsa {

// At most 6 decimals; never "-0.0".
inline double Rounded(double value) {
  const double rounded = std::nearbyint(value * 1e6) / 1e6;
  return rounded == 0 ? 0 : rounded;
}

inline double SecondsOf(Time time) {
  return Rounded(std::chrono::duration<double>(time).count());
}

}  // namespace vsa

#endif  // VSA_BASE_FIGURES_H_
