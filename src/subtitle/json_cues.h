// Captions of formats that are JSON. They have no lines to point at: messages
// name the value, such as "a.json: segments[3]".
#ifndef VSA_SUBTITLE_JSON_CUES_H_
#define VSA_SUBTITLE_JSON_CUES_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/checked_json.h"
#include "subtitle/formats.h"
#include "subtitle/raw_subtitles.h"

namespace vsa {

// Whether the file begins like JSON, and has each of the keys, which tell the
// formats apart before any of it is parsed.
bool LooksLikeJsonWith(const SubtitleText& file,
                       std::initializer_list<std::string_view> keys);

// The first character of the file that is no blank; '\0' if there is none.
char FirstSign(const SubtitleText& file);

// The file's JSON. Throws Error (kInput) if it is damaged.
Json JsonOf(const SubtitleText& file, const std::string& title);

// The member `key`; null if `object` has none or is no object.
const Json& Get(const Json& object, const char* key);

// Adds a caption of `start` to `end`, numbers of `unit` microseconds, and of
// what is said. One without them is a warning that says `name`.
void AddJsonCue(const SubtitleText& file, const std::string& name,
                const Json& start, const Json& end, double unit,
                const Json& said, RawSubtitles* out);

}  // namespace vsa

#endif  // VSA_SUBTITLE_JSON_CUES_H_
