// The entry of the module libvsa_media.so.
#include "backends/backends.h"
#include "backends/media/face_opencv.h"
#include "backends/media/jpeg_opencv.h"
#include "backends/media/keyframes_libav.h"
#include "backends/media/png_opencv.h"
#include "backends/media/probe_libav.h"
#include "backends/media/text_track_libav.h"
#include "backends/media/video_opencv.h"

namespace {

std::unique_ptr<vsa::VideoReader> Open(const std::string& path,
                                       const vsa::Sampling& sampling) {
  return sampling.keyframes ? vsa::OpenKeyframes(path, sampling)
                            : vsa::OpenVideo(path, sampling);
}

}  // namespace

extern "C" const vsa::MediaBackend* vsa_media_backend() {
  vsa::ConfigureOpenCv();
  static const vsa::MediaBackend backend = {Open,
                                            vsa::ProbeVideo,
                                            vsa::MakeCropper,
                                            vsa::EncodePng,
                                            vsa::EncodeSmallJpeg,
                                            vsa::ListTextTracks,
                                            vsa::ReadTextTrack};
  return &backend;
}
