// Reads what YuNet (2022mar), the network that finds faces, gives for a
// picture. OpenCV's FaceDetectorYN does so until version 4.7; from 4.8 on it
// reads another YuNet's outputs, so nothing here depends on OpenCV.
#ifndef VSA_BACKENDS_MEDIA_YUNET_H_
#define VSA_BACKENDS_MEDIA_YUNET_H_

#include <cstddef>
#include <vector>

namespace vsa {

struct FoundFace {
  float x, y, width, height;  // pixels of the picture; may reach over its edge
  float score;                // 0 to 1
};

// Safe to share between threads.
class YunetDecoder {
 public:
  // For pictures of this size, in pixels.
  YunetDecoder(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }

  // Rows that each output of the network has.
  std::size_t rows() const { return priors_.size(); }

  // The faces that score more than `threshold`, best first; of those that lie
  // on one another the best alone. `loc` holds 14 values a row, `conf` 2 and
  // `iou` 1. To the bit what OpenCV 4.6 makes of them.
  std::vector<FoundFace> Decode(const float* loc, const float* conf,
                                const float* iou, float threshold) const;

 private:
  // A place and size that the network judges, as shares of the picture's.
  struct Prior {
    float x, y;  // its middle
    float width, height;
  };

  int width_, height_;
  std::vector<Prior> priors_;  // one a row
};

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_YUNET_H_
