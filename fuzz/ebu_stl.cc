// EBU STL, which is no text as the other subtitle formats are.
#include "subtitle/ebu_stl.h"

#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  if (!IsEbuStl(bytes)) return;
  Allow({ErrorKind::kInput}, [&] {
    const SubtitleFile file = ParseEbuStl("a.stl", bytes, "");
    CheckCues(file.subtitles.cues);
    CheckWarnings(file.subtitles.warnings);
    Require(IsUtf8(file.decoded.utf8), "decoded text is UTF-8");
  });
}
