// Tables of labelled clips in MMSA's layout.
#ifndef VSA_EVALUATION_LABELS_H_
#define VSA_EVALUATION_LABELS_H_

#include <string>
#include <vector>

#include "evaluation/metrics.h"

namespace vsa {

struct LabelledClip {
  int line = 0;  // in its table
  std::string video_id;
  std::string clip_id;
  std::string text;  // as the table has it
  float label = 0;   // on the table's scale

  // As results and messages name it.
  std::string id() const { return video_id + "/" + clip_id; }
};

// The rows whose mode is `split`, in their order; `text` is left empty if
// `with_text` is false, and its column may then be missing. Labels are on
// `scale`. Throws Error (kUsage), "PATH[:LINE]: …", if the table cannot be
// read, any row of it is wrong, or no row is of that split.
std::vector<LabelledClip> ReadLabels(const std::string& path,
                                     const std::string& split, bool with_text,
                                     Scale scale);

}  // namespace vsa

#endif  // VSA_EVALUATION_LABELS_H_
