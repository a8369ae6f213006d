// Captions of text tracks: the first byte names the codec; then each line is a
// caption, its first two bytes its start and its length.
#include <array>

#include "fuzz/checks.h"
#include "subtitle/track.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  static constexpr std::array<const char*, 7> kCodecs = {
      "subrip", "webvtt", "ass", "ssa", "mov_text", "eia_608", "text"};
  if (bytes.empty()) return;
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
  };
  TrackText track;
  track.whole = number(0) < 128;
  for (std::size_t begin = 1; begin + 2 < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', begin + 2), bytes.size());
    TrackCaption caption;
    caption.start = std::chrono::milliseconds((number(begin) - 16) * 100);
    caption.end = number(begin + 1) == 255
                      ? Time::max()
                      : caption.start + std::chrono::milliseconds(
                                            (number(begin + 1) - 16) * 100);
    caption.text = bytes.substr(begin + 2, end - begin - 2);
    for (char& c : caption.text) {
      if (c == '\x01') c = '\n';
    }
    track.captions.push_back(std::move(caption));
    begin = end + 1;
  }
  const std::string codec = kCodecs[number(0) % kCodecs.size()];
  DecodeCaptions("", &track);
  for (const TrackCaption& caption : track.captions)
    Require(IsUtf8(caption.text), "decoded captions are UTF-8");
  const Subtitles read = ParseTrack("a.mkv: track 2", codec, track);
  CheckCues(read.cues);
  CheckWarnings(read.warnings);
}
