// Which of a segment's faces are kept: all of few, of many those of the largest
// weight, so that memory does not grow with a segment's length.
#ifndef VSA_ANALYSIS_KEPT_FACES_H_
#define VSA_ANALYSIS_KEPT_FACES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace vsa {

inline constexpr std::size_t kMostFacesInSegment = 400;

// Of faces of equal weight those are kept whose numbers, in the order of
// arrival, come first when their bits are reversed: they lie evenly in the
// segment. What is kept does not depend on when it is asked for.
template <typename Face>
class KeptFaces {
 public:
  void Add(float weight, Face face) {
    kept_.push_back({weight, arrived_++, std::move(face)});
    std::push_heap(kept_.begin(), kept_.end(), CountsMore);
    if (kept_.size() <= kMostFacesInSegment) return;
    std::pop_heap(kept_.begin(), kept_.end(), CountsMore);
    kept_.pop_back();
  }

  // Those kept, in the order of arrival. Nothing is left.
  std::vector<Face> Take() {
    std::sort(kept_.begin(), kept_.end(),
              [](const Kept& a, const Kept& b) { return a.number < b.number; });
    std::vector<Face> faces;
    for (Kept& one : kept_) faces.push_back(std::move(one.face));
    kept_.clear();
    arrived_ = 0;
    return faces;
  }

 private:
  struct Kept {
    float weight;
    std::uint32_t number;
    Face face;
  };

  static std::uint32_t Reversed(std::uint32_t number) {
    std::uint32_t reversed = 0;
    for (int bit = 0; bit < 32; ++bit, number >>= 1)
      reversed = reversed << 1 | (number & 1);
    return reversed;
  }

  static bool CountsMore(const Kept& a, const Kept& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return Reversed(a.number) < Reversed(b.number);
  }

  std::vector<Kept> kept_;  // a heap, the one that counts least in front
  std::uint32_t arrived_ = 0;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_KEPT_FACES_H_
