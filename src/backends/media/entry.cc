// The entry of the module libvsa_media.so.
#include "backends/backends.h"
#include "backends/media/audio_libav.h"
#include "backends/media/cea608_libav.h"
#include "backends/media/face_opencv.h"
#include "backends/media/jpeg_opencv.h"
#include "backends/media/libraries.h"
#include "backends/media/png_opencv.h"
#include "backends/media/probe_libav.h"
#include "backends/media/text_track_libav.h"
#include "backends/media/video_libav.h"

extern "C" const vsa::MediaBackend* vsa_media_backend() {
  vsa::ConfigureLibraries();
  static const vsa::MediaBackend backend = {
      vsa::OpenVideo,      vsa::ProbeVideo,      vsa::MakeCropper,
      vsa::EncodePng,      vsa::EncodeSmallJpeg, vsa::ListTextTracks,
      vsa::ReadTextTrack,  vsa::DecodeCea608,    vsa::OpenAudio,
      vsa::ListSoundTracks};
  return &backend;
}
