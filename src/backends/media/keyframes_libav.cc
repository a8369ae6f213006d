#include "backends/media/keyframes_libav.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "backends/media/open_libav.h"
#include "backends/media/probe_libav.h"
#include "backends/media/upright_opencv.h"
#include "video/sampling.h"
#include "video/video_tail.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace vsa {
namespace {

struct Close {
  void operator()(AVCodecContext* decoder) const {
    avcodec_free_context(&decoder);
  }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
template <typename T>
using Handle = std::unique_ptr<T, Close>;

constexpr AVRational kMicroseconds = {1, 1000000};

class KeyframeReader : public VideoReader {
 public:
  KeyframeReader(const std::string& path, const Sampling& sampling)
      : path_(path),
        sampling_(sampling),
        format_(OpenFormat(path)),
        probe_(ProbeFormat(*format_, path)) {
    info_ = {probe_.width, probe_.height, probe_.frame_rate, probe_.duration};
    step_ = Time(std::llround(1e6 / probe_.frame_rate.value_or(25)));
    OpenDecoder();
    packet_.reset(av_packet_alloc());
    decoded_.reset(av_frame_alloc());
  }

  const VideoInfo& info() const override { return info_; }
  Time end() const override { return end_; }
  const std::vector<Warning>& warnings() const override { return warnings_; }

  bool Next(Frame* frame) override {
    try {
      return NextOrThrow(frame);
    } catch (const std::bad_alloc&) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures need more memory than there is");
    }
  }

 private:
  bool NextOrThrow(Frame* frame) {
    if (!done_ && Decode()) {
      frame->time = Time(decoded_->pts);
      frame->image = Convert();
      end_ = std::max(end_, frame->time + step_);
      return true;
    }
    if (!done_) Finish();
    return false;
  }

  void OpenDecoder() {
    stream_ = FindPictures(*format_);
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      if (format_->streams[i] != stream_)
        format_->streams[i]->discard = AVDISCARD_ALL;
    }
    const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
    decoder_.reset(avcodec_alloc_context3(codec));
    if (codec != nullptr &&
        avcodec_parameters_to_context(decoder_.get(), stream_->codecpar) >= 0) {
      decoder_->pkt_timebase = kMicroseconds;
      decoder_->skip_frame = AVDISCARD_NONKEY;
      decoder_->thread_count = 0;  // one for each core
      if (avcodec_open2(decoder_.get(), codec, nullptr) >= 0) return;
    }
    throw Error(ErrorKind::kInput,
                path_ + ": its pictures (" + probe_.codec + ", " +
                    std::to_string(probe_.width) + "x" +
                    std::to_string(probe_.height) +
                    ") cannot be decoded; expected another codec");
  }

  // The next sampled keyframe into decoded_, its time in decoded_->pts as Time.
  // False at the end.
  bool Decode() {
    while (true) {
      const int got = avcodec_receive_frame(decoder_.get(), decoded_.get());
      if (got == 0 && decoded_->pts != AV_NOPTS_VALUE &&
          decoded_->pts > last_.count()) {
        last_ = Time(decoded_->pts);
        return true;
      }
      if (got == 0) continue;
      if (got == AVERROR_EOF) return false;
      // A damaged picture is none.
      avcodec_send_packet(decoder_.get(),
                          ReadKeyframe() ? packet_.get() : nullptr);
      av_packet_unref(packet_.get());
    }
  }

  // The next packet of a keyframe that is to be sampled, with its time as Time;
  // false at the end of the file or of the stretch.
  bool ReadKeyframe() {
    while (av_read_frame(format_.get(), packet_.get()) >= 0) {
      if (packet_->stream_index == stream_->index) {
        const Time time = TimeOfPacket();
        if (time >= kLongestVideo) {
          probe_.too_long = true;
          return false;
        }
        const bool after = sampling_.end && time >= *sampling_.end;
        if (!after) end_ = std::max(end_, time + Length());
        if (packet_->flags & AV_PKT_FLAG_KEY) {
          any_keyframe_ = true;
          if (after) return false;
          if (IsSampled(time)) {
            packet_->pts = packet_->dts = time.count();
            any_sampled_ = true;
            return true;
          }
        }
      }
      av_packet_unref(packet_.get());
    }
    return false;
  }

  bool IsSampled(Time time) {
    if (time < next_sample_) return false;
    next_sample_ = SampleAfter(time, sampling_.fps);
    return time >= sampling_.start;
  }

  Time TimeOfPacket() {
    const std::int64_t stamp =
        packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts;
    const Time likely = probe_.start + packets_++ * step_;
    if (stamp == AV_NOPTS_VALUE) return likely;
    const std::int64_t first =
        stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
    const double seconds =
        (static_cast<double>(stamp) - static_cast<double>(first)) *
        av_q2d(stream_->time_base);
    // Far enough for kLongestVideo, near enough to count on.
    if (!(std::abs(seconds) < 1e9)) return likely;
    const Time time =
        probe_.start +
        Time(av_rescale_q(stamp - first, stream_->time_base, kMicroseconds));
    return time - end_ < kLongestStill ? time : likely;
  }

  Time Length() const {
    const double seconds =
        static_cast<double>(packet_->duration) * av_q2d(stream_->time_base);
    return seconds > 0 &&
                   seconds <
                       std::chrono::duration<double>(kLongestStill).count()
               ? Time(av_rescale_q(packet_->duration, stream_->time_base,
                                   kMicroseconds))
               : step_;
  }

  // decoded_ as OpenCV converts it, upright. The rows are padded as FFmpeg's
  // conversion needs it.
  Image Convert() {
    const int width = decoded_->width, height = decoded_->height;
    const Handle<AVFrame> bgr(av_frame_alloc());
    bgr->format = AV_PIX_FMT_BGR24;
    bgr->width = width;
    bgr->height = height;
    scaler_.reset(sws_getCachedContext(
        scaler_.release(), width, height,
        static_cast<AVPixelFormat>(decoded_->format), width, height,
        AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr));
    if (scaler_ == nullptr || av_frame_get_buffer(bgr.get(), 0) < 0 ||
        sws_scale(scaler_.get(), decoded_->data, decoded_->linesize, 0, height,
                  bgr->data, bgr->linesize) != height) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures cannot be converted");
    }
    return Upright(bgr->data[0], width, height,
                   static_cast<std::size_t>(bgr->linesize[0]), probe_.rotation);
  }

  void Finish() {
    done_ = true;
    const bool any_decoded = last_ >= Time(0);
    if (!any_decoded && (any_sampled_ || !any_keyframe_))
      FailWithoutPictures(path_, "keyframes", probe_);
    if (sampling_.end) return;
    VideoTail tail = FindTail(path_, std::min(end_, kLongestVideo), probe_);
    end_ = tail.end;
    if (tail.warning) warnings_.push_back(std::move(*tail.warning));
  }

  std::string path_;
  Sampling sampling_;
  FormatHandle format_;
  VideoProbe probe_;
  VideoInfo info_;
  Time step_;  // of a frame, where a packet does not say
  Handle<AVCodecContext> decoder_;
  Handle<AVPacket> packet_;
  Handle<AVFrame> decoded_;
  Handle<SwsContext> scaler_;
  AVStream* stream_ = nullptr;  // format_'s
  long long packets_ = 0;
  Time last_{-1};
  Time end_{0};
  Time next_sample_{0};
  bool any_keyframe_ = false;
  bool any_sampled_ = false;
  bool done_ = false;
  std::vector<Warning> warnings_;
};

}  // namespace

std::unique_ptr<VideoReader> OpenKeyframes(const std::string& path,
                                           const Sampling& sampling) {
  return std::make_unique<KeyframeReader>(path, sampling);
}

}  // namespace vsa
