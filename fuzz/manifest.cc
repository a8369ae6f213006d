// Manifests of vsa batch: JSON lines where the file begins like them, else CSV.
#include "batch/manifest.h"

#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  const bool json = !bytes.empty() && bytes[0] == '{';
  const std::string path = FileOf(json ? "m.jsonl" : "m.csv", bytes);
  Allow({ErrorKind::kUsage}, [&] {
    std::size_t last = 0;
    ReadManifest(path, [&](const ManifestRow& row) {
      Require(row.line > last, "rows are in order");
      Require(!row.video.empty(), "a row has a video");
      Require(row.video.find('\0') == std::string::npos, "a path has no NUL");
      last = row.line;
    });
  });
}
