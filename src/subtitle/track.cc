#include "subtitle/track.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "subtitle/cue_text.h"
#include "subtitle/raw_subtitles.h"
#include "text/encoding.h"

namespace vsa {
namespace {

// What of a packet of ASS is text: the ninth of its fields, the rest of them
// being ReadOrder, Layer, Style, Name, three margins and Effect.
std::string_view AssText(std::string_view packet) {
  for (int i = 0; i < 8; ++i) {
    const size_t comma = packet.find(',');
    if (comma == std::string_view::npos) return "";
    packet.remove_prefix(comma + 1);
  }
  return packet;
}

// FFmpeg's name of a codec as results have it.
std::string FormatOf(const std::string& codec) {
  return codec == "subrip" || codec == "text" ? "srt"
         : codec == "webvtt"                  ? "vtt"
         : codec == "eia_608"                 ? "cea608"
                                              : codec;
}

bool HasWideMark(std::string_view bytes) {
  return bytes.substr(0, 2) == "\xFE\xFF" || bytes.substr(0, 2) == "\xFF\xFE";
}

}  // namespace

DecodedText DecodeCaptions(const std::string& encoding, TrackText* track) {
  // Most are UTF-8; single captions of mov_text may say that they are not.
  std::string all;
  for (const TrackCaption& caption : track->captions) {
    if (!HasWideMark(caption.text)) all += caption.text + '\n';
  }
  DecodedText decoded = DecodeText(all, encoding);
  const std::string name = !encoding.empty()              ? encoding
                           : decoded.encoding == "CESU-8" ? ""
                                                          : decoded.encoding;
  const bool whole = decoded.utf8 == all;
  for (TrackCaption& caption : track->captions) {
    if (HasWideMark(caption.text)) {
      caption.text = DecodeText(caption.text, "").utf8;
    } else if (!whole) {
      caption.text = DecodeText(caption.text, name).utf8;
    }
  }
  decoded.utf8.clear();
  return decoded;
}

RawSubtitles ToRawSubtitles(const std::string& name, const std::string& codec,
                            const std::vector<TrackCaption>& captions) {
  // CEA-608 is so, too, as it was decoded.
  const bool ass = codec == "ass" || codec == "ssa" || codec == "eia_608";
  RawSubtitles raw;
  int number = 0;
  for (const TrackCaption& caption : captions) {
    std::string text = WithoutStrayBytes(caption.text);
    std::replace(text.begin(), text.end(), '\r', '\n');
    RawCue cue{caption.start, caption.end, {}, ++number};
    cue.lines = ass ? CleanLines(AssText(text), Markup::kAss)
                    : CleanLines(text, Markup::kHtml);
    if (!cue.lines.empty()) {
      AddCue(name, std::move(cue), &raw);
    } else if (cue.start >= Time(0) && cue.end > cue.start) {
      // Without words it fills a gap, and may end the one before it.
      raw.cues.push_back(std::move(cue));
    }
  }
  std::stable_sort(
      raw.cues.begin(), raw.cues.end(),
      [](const RawCue& a, const RawCue& b) { return a.start < b.start; });
  EndOpenCues(&raw.cues);
  return raw;
}

Subtitles ParseTrack(const std::string& name, const std::string& codec,
                     const TrackText& track) {
  Subtitles result = ToSubtitles(name, FormatOf(codec),
                                 ToRawSubtitles(name, codec, track.captions));
  if (!track.whole) {
    result.warnings.push_back(
        {"subtitle_track_cut",
         name + ": breaks off, or holds too much to be a text track; read is "
                "what lies before"});
  }
  return result;
}

}  // namespace vsa
