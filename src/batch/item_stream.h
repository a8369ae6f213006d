// Items that come one by one on stdin while a batch runs.
#ifndef VSA_BATCH_ITEM_STREAM_H_
#define VSA_BATCH_ITEM_STREAM_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "analysis/item.h"
#include "batch/batch.h"
#include "batch/batch_item.h"
#include "batch/digest.h"
#include "vsa/text_track.h"

namespace vsa {

// Not safe to share between threads.
class ItemStream {
 public:
  // Reads the open file `in`. `common` is what all items have. All must outlive
  // this.
  ItemStream(int in, const Item& common, const BatchModel& model,
             const TextTrackReader& tracks);

  // Waits for the next item, a line as of ItemOfLine; lines end with NUL
  // instead where the first does. One that is wrong, longer than 1 MB or was
  // given before is refused. None at the end, or soon after `ended` becomes
  // true. Throws Error (kUsage) if `in` cannot be read.
  std::optional<ArrivedItem> Next(const std::function<bool()>& ended);

 private:
  // Without its end; none as Next.
  std::optional<std::string> NextLine(const std::function<bool()>& ended);
  std::optional<ArrivedItem> ToItem(const std::string& line);

  const int in_;
  const Item& common_;
  const BatchModel& model_;
  const TextTrackReader& tracks_;
  std::string read_;              // and not yet taken
  std::size_t searched_ = 0;      // of it, for the end of a line
  bool at_end_ = false;           // of the file
  std::optional<char> line_end_;  // once the first line has shown it
  std::size_t number_ = 0;        // of the line, from 1
  std::unordered_map<Digest, std::size_t, HashOfDigest> lines_;  // of items
};

}  // namespace vsa

#endif  // VSA_BATCH_ITEM_STREAM_H_
