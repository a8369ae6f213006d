// What the model would see of videos, for training: `vsa extract`.
#ifndef VSA_ANALYSIS_EXTRACT_H_
#define VSA_ANALYSIS_EXTRACT_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/extraction_folder.h"
#include "analysis/item.h"
#include "analysis/segment_faces.h"
#include "vsa/types.h"

namespace vsa {

struct ExtractedFace : Crop {
  Time time{0};            // of its frame
  std::size_t number = 0;  // among the crops of its frame
};
using ExtractedSegment = SeenSegment<ExtractedFace>;

// Gives each segment of a video to `take`, in order, with the very words and
// crops that Analyze would encode; the judge's model and tokenizer are not
// used. Returns what was odd, of the words and the video, as Analyze says it.
// Throws what Analyze throws before it encodes, and what `take` throws.
std::vector<Warning> ExtractSegments(
    const Item& item, const Engine& engine,
    const std::function<void(const ExtractedSegment&)>& take);

// A folder with the crops as faces/VIDEO/MILLISECONDS-CROP.png, whose lines are
// "vsa.extract/1" (docs/bundles-and-own-data.md).
extern const ExtractionKind kCrops;

using EncodePng = std::function<std::string(const Image& rgb)>;

// The segments of the next video of a folder of kCrops. Returns what was odd.
// Throws what ExtractSegments and the folder throw.
std::vector<Warning> AddCrops(const Item& item, const Engine& engine,
                              const EncodePng& encode_png,
                              ExtractionFolder* folder);

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXTRACT_H_
