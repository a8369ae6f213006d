// The INPUTs of `vsa batch`, from the command line to the list of videos.
#ifndef VSA_BATCH_BATCH_INPUTS_H_
#define VSA_BATCH_BATCH_INPUTS_H_

#include <string>
#include <vector>

#include "analysis/item.h"
#include "batch/item_list.h"
#include "video/video_files.h"

namespace vsa {

struct BatchInputs {
  ItemList items;  // in the order of INPUT; paths are absolute
  std::vector<std::string> manifests;  // those that were read
  // What keeps --prune from telling what is gone from what is not seen now:
  std::vector<std::string> without_video;  // INPUTs
  std::vector<std::string> unreadable;     // folders: "PATH: cannot be …"
};

// Each INPUT is a folder, a video, a manifest (manifest.h), a pattern of
// glob(7) where there is no file of that name, or "-" for what the descriptor
// `in` lists, one a line or one before each NUL (ItemOfLine). `common` is what
// all items have. Throws Error (kUsage): an INPUT that does not exist or cannot
// be read, a wrong manifest, an item given twice, or no video at all.
BatchInputs ReadBatchInputs(const std::vector<std::string>& inputs,
                            const Item& common, int in,
                            const MediaSought& sought);

}  // namespace vsa

#endif  // VSA_BATCH_BATCH_INPUTS_H_
