// Subtitle files of all formats (formats.h) to cues, however damaged.
#ifndef VSA_SUBTITLE_SUBTITLE_H_
#define VSA_SUBTITLE_SUBTITLE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "subtitle/raw_subtitles.h"
#include "text/encoding.h"
#include "text/language.h"
#include "vsa/text_track.h"
#include "vsa/types.h"

namespace vsa {

// What a file alone does not say.
struct SubtitleContext {
  // Of captions in several languages the most wanted are read, else the first.
  LanguageTiers languages;
  std::optional<double> frame_rate;  // of the video, for times in its frames
  // See TextTrackReader; without it SCC is refused.
  std::function<TrackText(const std::vector<CaptionBytes>&)> decode_608;
};

struct Subtitles {
  std::string format;     // its name: "srt"; empty: nothing is in the file
  std::vector<Cue> cues;  // by start, each with words
  bool timed = true;      // of plain text it is false: each cue has 3 s
  // One for each damaged place, in the order of the file. Codes:
  //   subtitle_block_skipped  a block without a readable time, or text that
  //                           belongs to none: its words are not used
  //   subtitle_time_repaired  a time that cannot be meant was changed
  //   subtitle_xml_damaged    XML that is not sound; read as far as can be
  //   subtitle_no_speech  names of pictures, data, chapters or danmaku, no
  //   speech subtitle_language_skipped  captions in several languages, of which
  //   one is
  //                           read
  std::vector<Warning> warnings;
};

// Reads the content of a subtitle file, which is UTF-8 as DecodeText gives it.
// The content decides the format; `path` is for messages, and its extension
// decides only between formats that look alike, and that a file "*.txt" may be
// plain text. Throws Error (kInput) where nothing can be recognised as
// subtitles, or only as what is none. Times in frames without a rate of their
// own are by the video's (warning subtitle_times_guessed). Linear in the size
// of the file.
Subtitles ParseSubtitles(const std::string& path, const std::string& utf8,
                         const SubtitleContext& context = {});

struct SubtitleFile {
  Subtitles subtitles;
  DecodedText decoded;  // how; utf8 is empty where the format is no text
};

// The same of the file's bytes, also of formats that are no text. `encoding` is
// as DecodeText takes it; throws Error (kUsage) for an unknown one, too.
SubtitleFile ParseSubtitleBytes(const std::string& path,
                                const std::string& bytes,
                                const std::string& encoding,
                                const SubtitleContext& context);

// What a reader gave of `path`, or of a track of that name: what of it is said.
Subtitles ToSubtitles(const std::string& path, const std::string& format,
                      RawSubtitles raw);

}  // namespace vsa

#endif  // VSA_SUBTITLE_SUBTITLE_H_
