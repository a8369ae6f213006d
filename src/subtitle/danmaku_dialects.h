// What the dialects of danmaku have in common.
#ifndef VSA_SUBTITLE_DANMAKU_DIALECTS_H_
#define VSA_SUBTITLE_DANMAKU_DIALECTS_H_

#include <optional>
#include <string>
#include <string_view>

#include "subtitle/danmaku.h"
#include "vsa/types.h"

namespace vsa {

// When and how a comment is shown.
struct CommentPlace {
  std::optional<Time> time;  // none if it cannot be read
  bool words = true;         // else a program or a drawing
};

// Whether a comment of this mode (1 to 6: a line that moves or stands) is
// words: 7 to 9 are not.
bool IsModeOfWords(std::string_view mode);

// `number` of units of so many microseconds; none if it is no time of a video.
std::optional<Time> CommentTime(std::string_view number, double unit);

// "SECONDS,MODE,…", of 2 to 9 fields; or, of Bilibili's second version,
// "ID,POOL,MILLISECONDS,MODE,…".
CommentPlace PlaceOfFields(std::string_view fields);

// The comments of a file as they are found in it.
class DanmakuBuilder {
 public:
  // `where` is what messages call a comment without a time: "FILE:LINE" or
  // "FILE: NAME". What has no words is left out.
  void Add(const CommentPlace& place, std::string_view text,
           const std::string& where);

  // `expected` is what a comment with its time looks like.
  Danmaku Finish(const std::string& expected);

 private:
  Danmaku danmaku_;
  int skipped_ = 0;
  std::string first_skipped_;
};

// These two by danmaku_xml.cc and danmaku_json.cc; Parse* is of what Is* took.
bool IsXmlDanmaku(const std::string& utf8);
bool IsJsonDanmaku(const std::string& utf8);
Danmaku ParseXmlDanmaku(const std::string& path, const std::string& utf8);
Danmaku ParseJsonDanmaku(const std::string& path, const std::string& utf8);

}  // namespace vsa

#endif  // VSA_SUBTITLE_DANMAKU_DIALECTS_H_
