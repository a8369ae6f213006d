#include "batch/item_list.h"

#include <algorithm>
#include <string>
#include <utility>

#include "batch/item_bytes.h"

namespace vsa {

ItemList::ItemList(Item common)
    : common_(std::move(common)),
      memory_(std::make_unique<std::pmr::monotonic_buffer_resource>()) {}

void ItemList::Add(const Item& item) {
  const std::string bytes = BytesOfItem(item);
  char* const place =
      static_cast<char*>(memory_->allocate(bytes.size(), /*alignment=*/1));
  std::copy(bytes.begin(), bytes.end(), place);
  items_.push_back(place);
}

Item ItemList::operator[](std::size_t index) const {
  return ItemOfBytes(items_[index], common_);
}

std::string_view ItemList::NameOf(std::size_t index) const {
  return NameInBytes(items_[index]);
}

}  // namespace vsa
