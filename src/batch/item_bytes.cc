#include "batch/item_bytes.h"

#include <cstring>
#include <optional>

namespace vsa {
namespace {

constexpr char kIsThere = '=';

std::string Bytes(const std::optional<std::string>& text) {
  return (text ? kIsThere + *text : std::string()) + '\0';
}

const char* After(const char* text) { return text + std::strlen(text) + 1; }

std::optional<std::string> Text(const char* bytes) {
  if (*bytes != kIsThere) return std::nullopt;
  return bytes + 1;
}

}  // namespace

std::string BytesOfItem(const Item& item) {
  return item.video + '\0' + Bytes(item.subtitles) + Bytes(item.id) +
         Bytes(item.date);
}

Item ItemOfBytes(const char* bytes, const Item& common) {
  const char* const subtitles = After(bytes);
  const char* const id = After(subtitles);
  Item item = common;
  item.video = bytes;
  item.subtitles = Text(subtitles);
  item.id = Text(id);
  item.date = Text(After(id));
  return item;
}

std::string_view NameInBytes(const char* bytes) {
  const char* const end = After(After(After(bytes)));
  return {bytes, static_cast<std::size_t>(end - bytes)};
}

}  // namespace vsa
