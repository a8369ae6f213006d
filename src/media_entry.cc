// The entry of the module libvsa_media.so.
#include "backends.h"
#include "face_opencv.h"
#include "jpeg_opencv.h"
#include "keyframes_libav.h"
#include "png_opencv.h"
#include "text_track_libav.h"
#include "video_opencv.h"

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
