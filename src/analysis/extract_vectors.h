// What the fusion sees of videos, for models of others: `vsa extract
// --vectors`.
#ifndef VSA_ANALYSIS_EXTRACT_VECTORS_H_
#define VSA_ANALYSIS_EXTRACT_VECTORS_H_

#include <vector>

#include "analysis/engine.h"
#include "analysis/extraction_folder.h"
#include "analysis/item.h"
#include "vsa/types.h"

namespace vsa {

// A folder with a video's vectors as vectors/VIDEO/MODALITY.npy, float32, a row
// each; a file without rows is not there. Its lines are "vsa.vectors/1"
// (docs/vectors.schema.json) and name the rows of their segment.
extern const ExtractionKind kVectors;

// The segments of the next video of a folder of kVectors, with the very vectors
// that Analyze fuses. Returns what was odd. Throws what Analyze and the folder
// throw.
std::vector<Warning> AddVectors(const Item& item, const Engine& engine,
                                ExtractionFolder* folder);

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXTRACT_VECTORS_H_
