// The items of a batch, of which there may be a million: little more of each is
// in memory than the bytes of its names.
#ifndef VSA_BATCH_ITEM_LIST_H_
#define VSA_BATCH_ITEM_LIST_H_

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "analysis/item.h"

namespace vsa {

class ItemList {
 public:
  ItemList() : ItemList(Item()) {}
  // `common` is what all items have.
  explicit ItemList(Item common);

  // An item that is as `common` but for its video, subtitles, id and date.
  // None of them holds a NUL byte.
  void Add(const Item& item);

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  Item operator[](std::size_t index) const;
  // The path of its video.
  const char* Video(std::size_t index) const { return items_[index]; }
  // Its video, subtitles and id: no two items are to have the same. Bytes to
  // compare.
  std::string_view NameOf(std::size_t index) const;

 private:
  Item common_;
  // What BytesOfItem gives of each.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_;
  std::vector<const char*> items_;
};

}  // namespace vsa

#endif  // VSA_BATCH_ITEM_LIST_H_
