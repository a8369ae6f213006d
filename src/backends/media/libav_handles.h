// What FFmpeg allocates, freed when it is no longer used.
#ifndef VSA_BACKENDS_MEDIA_LIBAV_HANDLES_H_
#define VSA_BACKENDS_MEDIA_LIBAV_HANDLES_H_

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

namespace vsa {

struct FreeLibav {
  void operator()(AVCodecContext* decoder) const {
    avcodec_free_context(&decoder);
  }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
  void operator()(SwrContext* resampler) const { swr_free(&resampler); }
};
template <typename T>
using LibavHandle = std::unique_ptr<T, FreeLibav>;

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_LIBAV_HANDLES_H_
