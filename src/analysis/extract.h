// What the model would see of videos, for training: `vsa extract`.
#ifndef VSA_ANALYSIS_EXTRACT_H_
#define VSA_ANALYSIS_EXTRACT_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "analysis/engine.h"
#include "analysis/item.h"
#include "vsa/error.h"
#include "vsa/types.h"

namespace vsa {

struct ExtractedFace {
  Time time{0};            // of its frame
  std::size_t number = 0;  // among the crops of its frame
  Crop crop;
};

struct ExtractedSegment {
  Segment segment;
  int frames = 0;                    // sampled in it
  std::vector<ExtractedFace> faces;  // in order; those that Analyze keeps
};

// Gives each segment of a video to `take`, in order, with the very words and
// crops that Analyze would encode; the judge's model and tokenizer are not
// used. Returns what was odd. Throws what Analyze throws before it encodes, and
// what `take` throws.
std::vector<Warning> ExtractSegments(
    const Item& item, const Engine& engine,
    const std::function<void(const ExtractedSegment&)>& take);

// The folder that `vsa extract` writes: segments.jsonl with a line for each
// segment ("vsa.extract/1", described in
// docs/bundles-and-own-data.md), and their crops as
// faces/VIDEO/MILLISECONDS-CROP.png. A video's lines are written at once when
// all of it was read and its crops are safe on the disk, even from a crash of
// the machine; the crops of a video that has no lines yet are not.
class ExtractionFolder {
 public:
  using EncodePng = std::function<std::string(const Image& rgb)>;

  // Makes the folder, or empties one that an earlier run wrote. Throws kSetup:
  // it holds something else (unless `force`; other files then stay), one of
  // `inputs` is among what would be replaced, or it cannot be written.
  ExtractionFolder(const std::string& path,
                   const std::vector<std::string>& inputs, bool force,
                   EncodePng encode_png);

  // Both are for the next video. Throw kSetup if the folder cannot be written;
  // Add also what ExtractSegments throws, and then nothing of the video is
  // left.
  std::vector<Warning> Add(const Item& item, const Engine& engine);
  void AddFailure(const Item& item, const Error& error);

 private:
  void Append(const std::string& lines);

  std::string path_;
  EncodePng encode_png_;
  int videos_ = 0;
};

}  // namespace vsa

#endif  // VSA_ANALYSIS_EXTRACT_H_
