// What an item asks of its subtitles.
#ifndef VSA_ANALYSIS_ITEM_SUBTITLES_H_
#define VSA_ANALYSIS_ITEM_SUBTITLES_H_

#include <optional>

#include "analysis/item.h"
#include "subtitle/source.h"

namespace vsa {

// `info` is that of the video, where it has been opened.
inline SubtitleRequest RequestOf(const Item& item,
                                 const VideoInfo& info = VideoInfo()) {
  SubtitleRequest request;
  request.path = item.subtitles;
  request.none = item.no_subtitles || item.words;
  request.track = item.track;
  request.encoding = item.encoding;
  request.language = item.language;
  request.duration = info.duration;
  request.frame_rate = info.frame_rate;
  return request;
}

}  // namespace vsa

#endif  // VSA_ANALYSIS_ITEM_SUBTITLES_H_
