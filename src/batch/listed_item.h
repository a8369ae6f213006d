// Items as lists name them: a row of a manifest, a line of stdin.
#ifndef VSA_BATCH_LISTED_ITEM_H_
#define VSA_BATCH_LISTED_ITEM_H_

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/item.h"
#include "batch/manifest.h"

namespace vsa {

// "a/./b" and "a/c/../b" are the same file, unless c is a link.
std::string AbsolutePath(const std::string& path);

// `common` is what all items have; relative paths start at `folder`.
Item ItemOfRow(ManifestRow row, const std::string& folder, const Item& common);

// What a line of stdin names, without its end: the path of a video, or, as in a
// manifest, a JSON object, unless a file has that very name. None for an empty
// line. `number` is the line's, from 1; relative paths start at the working
// folder. Throws Error (kUsage), "stdin:NUMBER: …", for JSON that is not so and
// for NUL bytes.
std::optional<Item> ItemOfLine(std::string line, std::size_t number,
                               const Item& common);

}  // namespace vsa

#endif  // VSA_BATCH_LISTED_ITEM_H_
