// Danmaku files, packed or not.
#include "subtitle/danmaku.h"

#include "fuzz/checks.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  const std::string path = FileOf("a.xml", bytes);
  Allow({ErrorKind::kInput}, [&] {
    const DecodedText text = ReadDanmakuFile(path);
    Require(IsUtf8(text.utf8), "decoded text is UTF-8");
    IsDanmaku(text.utf8);
    const Danmaku danmaku = ParseDanmaku(path, text.utf8);
    Time last = danmaku.comments.empty() ? Time(0) : danmaku.comments[0].time;
    for (const Comment& comment : danmaku.comments) {
      Require(comment.time >= last, "comments are by time");
      RequireLine(comment.text, "a comment is one line of UTF-8");
      last = comment.time;
    }
    CheckWarnings(danmaku.warnings);
  });
}
