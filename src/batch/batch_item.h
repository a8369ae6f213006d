// One video of a batch as resuming sees it: which item it is, and whether what
// was computed of it is still good.
#ifndef VSA_BATCH_BATCH_ITEM_H_
#define VSA_BATCH_BATCH_ITEM_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/item.h"
#include "subtitle/source.h"
#include "vsa/text_track.h"

namespace vsa {

// What the items of a run have in common, apart from the options in Item.
struct BatchModel {
  std::string program_version;
  std::vector<std::string> bundles;  // SHA-256 of the model.json of each
  std::string dtype;                 // the one that runs
  BundleLanguages languages;
  std::string speech_sha256 = {};  // of speech.json; empty: nothing is heard
};

struct BatchItem {
  Item item;
  // The file of subtitles that is used as things stand.
  std::string subtitle_source;  // "option", "sidecar" or "none"
  std::string subtitle_path;    // empty for "none"
  // It is forced: a track of the video is used instead, if it has one.
  bool forced = false;
  // SHA-256 of the video's path, its id and the subtitles asked for.
  std::string identity;
  // SHA-256 of all that the result depends on.
  std::string key;
};

// Looks at a video's file and those beside it, without opening the video: what
// is inside changes only with it. `names` are those beside it, where they were
// read before (NamesBeside). Throws Error (kUsage) for an unknown encoding, if
// there are subtitles.
BatchItem MakeBatchItem(const Item& item, const BatchModel& model,
                        const TextTrackReader& tracks,
                        const std::vector<std::string>* names = nullptr);

// The names beside one video after another: a folder that they have in common
// is read once, not once for each.
class NamesBesideVideos {
 public:
  // As NamesBeside; until the next call.
  const std::vector<std::string>& Of(const std::string& video);

 private:
  std::optional<std::string> folder_;
  std::vector<std::string> names_;
};

// What --dry-run prints of it: a JSON line. Only where no file holds its words,
// or one that is forced, the video is opened for a text track, and for sound
// that would be heard; "error" says why they cannot be used. `has_sound` says
// whether there is something to hear in an item's video, and throws Error
// (kInput) if not that which the item asks for.
std::string FormatBatchItem(const BatchItem& item, const BatchModel& model,
                            const TextTrackReader& tracks,
                            const std::function<bool(const Item&)>& has_sound);

// What --list prints of it: a line of a manifest, with "item" and "key". Throws
// Error (kInput) for names that are not UTF-8.
std::string FormatListedItem(const BatchItem& item);

}  // namespace vsa

#endif  // VSA_BATCH_BATCH_ITEM_H_
