#include "video/sampling.h"

#include <cmath>

namespace vsa {

Time SampleAfter(Time time, double fps) {
  const double seconds = std::chrono::duration<double>(time).count();
  for (double k = std::floor(seconds * fps);; ++k) {
    const Time sample(std::llround(k / fps * 1e6));
    if (sample > time) return sample;
  }
}

}  // namespace vsa
