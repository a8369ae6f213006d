// What an item of a batch has to itself, as bytes: four texts, each with a NUL
// behind it, for paths hold any other byte. Its video, and its subtitles, id
// and date, which are empty if they are missing, or have a mark before them.
#ifndef VSA_BATCH_ITEM_BYTES_H_
#define VSA_BATCH_ITEM_BYTES_H_

#include <string>
#include <string_view>

#include "analysis/item.h"

namespace vsa {

constexpr int kTextsOfItem = 4;

// None of the item's texts holds a NUL.
std::string BytesOfItem(const Item& item);

// `bytes` are those of an item; all else is as in `common`.
Item ItemOfBytes(const char* bytes, const Item& common);

// Of an item's bytes those of its video, subtitles and id.
std::string_view NameInBytes(const char* bytes);

}  // namespace vsa

#endif  // VSA_BATCH_ITEM_BYTES_H_
