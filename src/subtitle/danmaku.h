// Bilibili's danmaku: what the audience wrote over a video, as XML.
#ifndef VSA_SUBTITLE_DANMAKU_H_
#define VSA_SUBTITLE_DANMAKU_H_

#include <string>
#include <vector>

#include "vsa/types.h"

namespace vsa {

struct Comment {
  Time time{0};
  std::string text;  // one line of words
};

struct Danmaku {
  std::vector<Comment> comments;  // by time
  // Codes: danmaku_skipped, for comments whose time cannot be read;
  // danmaku_damaged, for XML that is not sound.
  std::vector<Warning> warnings;
};

// Reads the content of a file, which is UTF-8. Comments that are programs or
// drawings (modes 7, 8 and 9) are none. Throws Error (kInput) if it is no
// danmaku.
Danmaku ParseDanmaku(const std::string& path, const std::string& utf8);

// Whether it is danmaku, however damaged.
bool IsDanmaku(const std::string& utf8);

}  // namespace vsa

#endif  // VSA_SUBTITLE_DANMAKU_H_
