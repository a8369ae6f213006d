// CEA-608, the closed captions of American television, through FFmpeg's
// decoder: bytes to what a screen shows.
#ifndef VSA_BACKENDS_MEDIA_CEA608_LIBAV_H_
#define VSA_BACKENDS_MEDIA_CEA608_LIBAV_H_

#include <memory>
#include <string_view>
#include <vector>

#include "vsa/text_track.h"

struct AVCodecContext;

namespace vsa {

// Reads the first of the channels (CC1) alone; the others hold translations.
class Cea608Decoder {
 public:
  // Throws Error (kSetup) where FFmpeg was built without it.
  Cea608Decoder();

  // Adds to `captions` what the screen has shown, as a packet of ASS, if
  // `pair` changes that. `pair` is two bytes of field 1 that came at `time`;
  // times do not go back.
  void Add(Time time, std::string_view pair,
           std::vector<TrackCaption>* captions);

  // The same of triplets as CEA-708 packs them (cc_data), the pairs of which
  // came one a frame from `time` on. Those of other services are left out.
  void AddPacked(Time time, std::string_view cc_data,
                 std::vector<TrackCaption>* captions);

  // The same of what the screen shows at the end.
  void Finish(std::vector<TrackCaption>* captions);

 private:
  struct Close {
    void operator()(AVCodecContext* context) const;
  };

  void Send(std::string_view pair, std::vector<TrackCaption>* captions);

  std::unique_ptr<AVCodecContext, Close> context_;
  bool first_channel_ = true;  // pairs are its own until another is named
  bool pops_on_ = false;       // captions are loaded, then shown at once
  Time time_{0};
};

// See TextTrackReader.
TrackText DecodeCea608(const std::vector<CaptionBytes>& bytes);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_CEA608_LIBAV_H_
