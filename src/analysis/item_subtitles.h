// What an item asks of its subtitles.
#ifndef VSA_ANALYSIS_ITEM_SUBTITLES_H_
#define VSA_ANALYSIS_ITEM_SUBTITLES_H_

#include <optional>

#include "analysis/item.h"
#include "subtitle/source.h"

namespace vsa {

// `duration` is that of the video, where it is known.
inline SubtitleRequest RequestOf(
    const Item& item, const std::optional<Time>& duration = std::nullopt) {
  SubtitleRequest request;
  request.path = item.subtitles;
  request.none = item.no_subtitles || item.words;
  request.track = item.track;
  request.encoding = item.encoding;
  request.language = item.language;
  request.duration = duration;
  return request;
}

}  // namespace vsa

#endif  // VSA_ANALYSIS_ITEM_SUBTITLES_H_
