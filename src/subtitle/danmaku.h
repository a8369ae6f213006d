// Danmaku: what the audience wrote over a video, as the sites and programs that
// show it keep it. A dialect is a row of danmaku_xml.cc or danmaku_json.cc.
#ifndef VSA_SUBTITLE_DANMAKU_H_
#define VSA_SUBTITLE_DANMAKU_H_

#include <string>
#include <vector>

#include "text/encoding.h"
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

// The text of a file, unpacked if it is gzip or what sites send as deflate.
// Throws Error (kInput) if it cannot be read or holds more than 100 MB.
DecodedText ReadDanmakuFile(const std::string& path);

// Reads the content of a file, which is UTF-8. Comments that are programs or
// drawings are none. Throws Error (kInput) if it is no danmaku, or JSON that is
// damaged.
Danmaku ParseDanmaku(const std::string& path, const std::string& utf8);

// Whether it is danmaku, however damaged.
bool IsDanmaku(const std::string& utf8);

}  // namespace vsa

#endif  // VSA_SUBTITLE_DANMAKU_H_
