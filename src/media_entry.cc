// The entry of the module libvsa_media.so.
#include "backends.h"
#include "face_opencv.h"
#include "jpeg_opencv.h"
#include "png_opencv.h"
#include "video_opencv.h"

extern "C" const vsa::MediaBackend* vsa_media_backend() {
  vsa::ConfigureOpenCv();
  static const vsa::MediaBackend backend = {vsa::OpenVideo, vsa::ProbeVideo,
                                            vsa::MakeCropper, vsa::EncodePng,
                                            vsa::EncodeSmallJpeg};
  return &backend;
}
