// Captions as packets carry them: A/53 in pictures, WebVTT in MP4, CEA-608.
#include "backends/media/a53.h"
#include "backends/media/cea608_libav.h"
#include "backends/media/webvtt_sample.h"
#include "fuzz/checks.h"
#include "subtitle/track.h"

using namespace vsa;
using namespace vsa::fuzz;

VSA_FUZZ_TARGET(bytes) {
  const std::string packed = CaptionsInPacket(bytes);
  Require(packed.size() % 3 == 0, "captions in pictures are triplets");
  Require(packed.size() <= bytes.size(), "they are of the packet");
  HasCea708(bytes);
  std::size_t length = 0;
  for (const std::string& text : ParseWebVttSample(bytes))
    length += text.size();
  Require(length <= bytes.size(), "texts are of the sample");

  Cea608Decoder decoder;
  std::vector<TrackCaption> captions;
  decoder.AddPacked(Time(0), packed.empty() ? bytes : packed, &captions);
  decoder.Finish(&captions);
  TrackText shown = DecodeCea608(
      {{Time(0), bytes.substr(0, bytes.size() / 2)}, {Time(500000), bytes}});
  DecodeCaptions("", &shown);
  const Subtitles read = ParseTrack("a.mp4: track 0", "eia_608", shown);
  CheckCues(read.cues);
  CheckWarnings(read.warnings);
}
