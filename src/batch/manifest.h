// Tables of videos, with what is known of each: the manifests of `vsa batch`.
#ifndef VSA_BATCH_MANIFEST_H_
#define VSA_BATCH_MANIFEST_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace vsa {

struct ManifestRow {
  std::size_t line = 0;  // where it stands in its file, from 1
  std::string video;     // path; a relative one starts at the manifest's folder
  std::optional<std::string> subtitles;  // path, likewise
  std::optional<std::string> id;
  std::optional<std::string> date;
};

// Whether a file is taken for a manifest, by its name, in any case: .csv, .tsv,
// .jsonl, .ndjson; and .json, which is refused as what it is.
bool IsManifest(const std::string& path);

// A line of JSON lines, as ReadManifest takes it; `place` starts a message.
// Throws Error (kUsage).
ManifestRow ParseManifestLine(const std::string& line,
                              const std::string& place);

// The rows of a CSV table with a header that names the column "video", and
// perhaps "subs", "id" and "date", or of JSON lines with these keys. Others are
// passed over; an empty cell is as none. Throws Error (kUsage), "PATH:LINE: …",
// for a file that cannot be read or is not so. `take` gets each row in turn.
void ReadManifest(const std::string& path,
                  const std::function<void(ManifestRow row)>& take);

}  // namespace vsa

#endif  // VSA_BATCH_MANIFEST_H_
