#include "batch/item_list.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace vsa {
namespace {

constexpr char kIsThere = '=';

void Append(const std::optional<std::string>& text, std::string* bytes) {
  if (text) *bytes += kIsThere + *text;
  *bytes += '\0';
}

const char* After(const char* text) { return text + std::strlen(text) + 1; }

std::optional<std::string> Text(const char* bytes) {
  if (*bytes != kIsThere) return std::nullopt;
  return bytes + 1;
}

}  // namespace

ItemList::ItemList(Item common)
    : common_(std::move(common)),
      memory_(std::make_unique<std::pmr::monotonic_buffer_resource>()) {}

void ItemList::Add(const Item& item) {
  std::string bytes = item.video + '\0';
  Append(item.subtitles, &bytes);
  Append(item.id, &bytes);
  Append(item.date, &bytes);
  char* const place =
      static_cast<char*>(memory_->allocate(bytes.size(), /*alignment=*/1));
  std::copy(bytes.begin(), bytes.end(), place);
  items_.push_back(place);
}

Item ItemList::operator[](std::size_t index) const {
  Item item = common_;
  const char* const video = items_[index];
  const char* const subtitles = After(video);
  const char* const id = After(subtitles);
  item.video = video;
  item.subtitles = Text(subtitles);
  item.id = Text(id);
  item.date = Text(After(id));
  return item;
}

std::string_view ItemList::NameOf(std::size_t index) const {
  const char* const begin = items_[index];
  const char* const end = After(After(After(begin)));
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace vsa
