#include "backends/media/yunet.h"

#include <algorithm>
#include <cmath>

namespace vsa {
namespace {

// Boxes that share more of their area than this are one face.
constexpr float kOverlap = 0.3f;
constexpr std::size_t kMostBoxes = 200;  // before overlapping ones are joined

constexpr int kLocations = 14;  // a row: box (4), five points of a face (10)
// A box's offsets count these shares of its prior. Width and height should
// both have the second one, by which the network was trained; OpenCV takes the
// first for the width, and all that was measured here was measured so.
constexpr float kVariance[] = {0.1f, 0.2f};

struct Layer {
  int stride;                // pixels from one place to the next
  std::vector<float> sizes;  // pixels
};

const std::vector<Layer>& Layers() {
  static const std::vector<Layer> layers = {
      {8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}};
  return layers;
}

// Share of the two boxes' common area, both cut to whole pixels; not a number
// if both are empty then.
float Overlap(const FoundFace& a, const FoundFace& b) {
  struct Edges {
    double left, top, right, bottom, area;
  };
  const auto edges = [](const FoundFace& box) -> Edges {
    const double x = std::trunc(box.x), y = std::trunc(box.y),
                 width = std::trunc(box.width), height = std::trunc(box.height);
    return {x, y, x + width, y + height, width * height};
  };
  const Edges one = edges(a), other = edges(b);
  const double width =
      std::min(one.right, other.right) - std::max(one.left, other.left);
  const double height =
      std::min(one.bottom, other.bottom) - std::max(one.top, other.top);
  const double shared = std::max(0.0, width) * std::max(0.0, height);
  return static_cast<float>(shared / (one.area + other.area - shared));
}

}  // namespace

YunetDecoder::YunetDecoder(int width, int height)
    : width_(width), height_(height) {
  // The network halves the picture, rounding up the first time only.
  int columns = (width + 1) / 2 / 2, rows = (height + 1) / 2 / 2;
  for (const Layer& layer : Layers()) {
    columns /= 2;
    rows /= 2;
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        for (float size : layer.sizes) {
          priors_.push_back({(static_cast<float>(column) + 0.5f) *
                                 static_cast<float>(layer.stride) /
                                 static_cast<float>(width),
                             (static_cast<float>(row) + 0.5f) *
                                 static_cast<float>(layer.stride) /
                                 static_cast<float>(height),
                             size / static_cast<float>(width),
                             size / static_cast<float>(height)});
        }
      }
    }
  }
}

std::vector<FoundFace> YunetDecoder::Decode(const float* loc, const float* conf,
                                            const float* iou,
                                            float threshold) const {
  const float across = static_cast<float>(width_),
              down = static_cast<float>(height_);
  std::vector<FoundFace> found;
  for (std::size_t i = 0; i < priors_.size(); ++i) {
    const float score =
        std::sqrt(conf[2 * i + 1] * std::clamp(iou[i], 0.0f, 1.0f));
    if (!(score > threshold)) continue;
    const Prior& prior = priors_[i];
    const float* offset = loc + kLocations * i;
    const float x = (prior.x + offset[0] * kVariance[0] * prior.width) * across;
    const float y = (prior.y + offset[1] * kVariance[0] * prior.height) * down;
    const float width =
        prior.width * std::exp(offset[2] * kVariance[0]) * across;
    const float height =
        prior.height * std::exp(offset[3] * kVariance[1]) * down;
    found.push_back({x - width / 2, y - height / 2, width, height, score});
  }
  std::stable_sort(
      found.begin(), found.end(),
      [](const FoundFace& a, const FoundFace& b) { return a.score > b.score; });
  found.resize(std::min(found.size(), kMostBoxes));

  std::vector<FoundFace> faces;
  for (const FoundFace& box : found) {
    const bool apart =
        std::all_of(faces.begin(), faces.end(), [&](const FoundFace& better) {
          return Overlap(box, better) <= kOverlap;
        });
    if (apart) faces.push_back(box);
  }
  return faces;
}

}  // namespace vsa
