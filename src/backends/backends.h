// The parts of vsa behind large libraries. Each is a module of its own, loaded
// when first asked for: linked into the program, libtorch alone would take 0.6
// s at every start, `vsa tokenize` and `vsa --help` included, and before the
// first picture is decoded.
#ifndef VSA_BACKENDS_BACKENDS_H_
#define VSA_BACKENDS_BACKENDS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/lazy_model.h"
#include "video/probe.h"
#include "vsa/audio.h"
#include "vsa/text_track.h"
#include "vsa/video.h"

namespace vsa {

// Behind OpenCV and FFmpeg; see video_libav.h, face_opencv.h, png_opencv.h,
// jpeg_opencv.h, probe_libav.h, text_track_libav.h, cea608_libav.h and
// audio_libav.h.
struct MediaBackend {
  std::unique_ptr<VideoReader> (*open_video)(const std::string& path,
                                             const Sampling& sampling);
  VideoProbe (*probe_video)(const std::string& path);
  std::function<std::vector<Crop>(const Frame&)> (*make_cropper)(
      const FrameSpec& spec, const std::string& path,
      const std::string& detector);
  std::string (*encode_png)(const Image& rgb);
  std::string (*encode_small_jpeg)(const Frame& frame);
  std::vector<TextTrack> (*list_text_tracks)(const std::string& path);
  TrackText (*read_text_track)(const std::string& path, int index);
  TrackText (*decode_608)(const std::vector<CaptionBytes>& bytes);
  std::unique_ptr<AudioReader> (*open_audio)(const std::string& path,
                                             const Hearing& hearing);
  std::vector<SoundTrack> (*list_sound_tracks)(const std::string& path);
};

// Load on the first call. Safe from several threads. Throw Error (kSetup) if
// the module is not there.
const MediaBackend& Media();
const PartLoaders& Torch();  // behind libtorch; see model_torch.h

}  // namespace vsa

#endif  // VSA_BACKENDS_BACKENDS_H_
