#include "backends/media/video_libav.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <new>
#include <optional>
#include <utility>

#include "backends/media/libav_handles.h"
#include "backends/media/libraries.h"
#include "backends/media/open_libav.h"
#include "backends/media/probe_libav.h"
#include "backends/media/seek_libav.h"
#include "backends/media/upright_opencv.h"
#include "base/thread_group.h"
#include "video/frame_clock.h"
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

constexpr AVRational kMicroseconds = {1, 1000000};

// Far enough for kLongestVideo, near enough to count on.
bool IsSane(std::int64_t stamp, const AVStream& stream) {
  return std::abs(static_cast<double>(stamp) * av_q2d(stream.time_base)) < 1e9;
}

constexpr int kThreadPerCore = 0;

class LibavVideoReader : public VideoReader {
 public:
  LibavVideoReader(const std::string& path, const Sampling& sampling,
                   int threads)
      : path_(path),
        sampling_(sampling),
        threads_(threads),
        packet_(av_packet_alloc()),
        decoded_(av_frame_alloc()) {
    Open();
    info_ = {probe_.width, probe_.height, probe_.frame_rate, probe_.duration};
    if (decoder_ && !sampling_.keyframes && sampling_.start > probe_.start &&
        probe_.frame_rate && !Seek()) {
      Open();
    }
  }

  const VideoInfo& info() const override { return info_; }
  Time end() const override { return end_; }
  Time media_end() const override { return std::max(end_, sound_end_); }
  const std::vector<Warning>& warnings() const override { return warnings_; }

  bool uses_threads() const {
    return decoder_ && decoder_->active_thread_type != 0;
  }
  // Whether the decoder has met what it could not decode.
  bool damaged() const {
    return damaged_ > 0 || complaints_.error || complaints_.filled_in;
  }

  bool Next(Frame* frame) override {
    try {
      return !done_ && NextOrThrow(frame);
    } catch (const std::bad_alloc&) {
      throw Error(ErrorKind::kInput,
                  path_ + ": its pictures need more memory than there is");
    }
  }

 private:
  // At the beginning of the file.
  void Open() {
    decoder_.reset();
    format_ = OpenFormat(path_);
    probe_ = ProbeFormat(format_.get(), path_);
    stream_ = FindPictures(*format_);
    clock_ = FrameClock(probe_.start, probe_.frame_rate);
    track_ends_.clear();
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      AVStream* stream = format_->streams[i];
      if (stream != stream_ && !IsHeard(*stream)) {
        stream->discard = AVDISCARD_ALL;
      }
    }
    if (stream_ != nullptr && !OpenDecoder()) {
      if (!probe_.sound) {
        throw Error(ErrorKind::kInput,
                    path_ + ": its pictures (" + Codec() +
                        ") cannot be decoded; expected another codec");
      }
      WarnOfPictures();
    }
  }

  // Subtitles only tell whether the file is whole, where nothing else does.
  bool IsHeard(const AVStream& stream) const {
    const AVMediaType type = stream.codecpar->codec_type;
    return type == AVMEDIA_TYPE_AUDIO ||
           (type == AVMEDIA_TYPE_SUBTITLE && !probe_.picture_end);
  }

  bool OpenDecoder() {
    if (OpenDecoder(threads_)) return true;
    // Then it is not the video's fault.
    if (OpenDecoder(/*threads=*/1)) FailToStartThread(std::strerror(EAGAIN));
    return false;
  }

  bool OpenDecoder(int threads) {
    const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
    if (codec == nullptr) return false;
    decoder_.reset(avcodec_alloc_context3(codec));
    decoder_->pkt_timebase = stream_->time_base;
    if (sampling_.keyframes) decoder_->skip_frame = AVDISCARD_NONKEY;
    decoder_->thread_count = threads;
    decoder_->opaque = &complaints_;
    if (avcodec_parameters_to_context(decoder_.get(), stream_->codecpar) >= 0 &&
        avcodec_open2(decoder_.get(), codec, nullptr) >= 0) {
      return true;
    }
    decoder_.reset();
    return false;
  }

  std::string Codec() const {
    return probe_.codec + ", " + std::to_string(probe_.width) + "x" +
           std::to_string(probe_.height);
  }

  void WarnOfPictures() {
    warnings_.push_back({"pictures_unreadable",
                         path_ + ": its pictures (" + Codec() +
                             ") cannot be decoded: judged as sound alone"});
  }

  // Goes on near the start of the stretch where that is sure to make no
  // difference. False if what comes is not what should: then all must be read.
  bool Seek() {
    const std::optional<SeekPoint> point = FindSeekPoint(
        path_, sampling_.start - probe_.start, FrameClock::kSteps + 9);
    if (!point) return true;
    // The first packet may say of its encoder what the decoder has to know.
    if (!Decode()) return false;
    const std::int64_t stamp =
        FirstStamp() + av_rescale_q(point->frames.front().count(),
                                    kMicroseconds, stream_->time_base);
    if (av_seek_frame(format_.get(), stream_->index, stamp,
                      AVSEEK_FLAG_BACKWARD) < 0) {
      return false;
    }
    avcodec_flush_buffers(decoder_.get());
    packets_end_ = sound_end_ = probe_.start + point->frames.front();
    // The clock goes by the last steps, so they must be seen again.
    for (std::size_t seen = 0; seen <= FrameClock::kSteps; ++seen) {
      if (!Decode()) return false;
      const std::optional<Time> read = TimeOf(decoded_->best_effort_timestamp);
      if (!read || std::chrono::abs(probe_.start + point->frames[seen] -
                                    *read) > Time(1)) {
        return false;
      }
      if (seen == 0) {
        clock_.StartAt(*read);
      } else {
        clock_.Tick(read, packets_end_);
      }
      next_sample_ = SampleAfter(*read, sampling_.fps);
    }
    return true;
  }

  bool NextOrThrow(Frame* frame) {
    while (decoder_ && Decode()) {
      const std::optional<Time> read = TimeOf(decoded_->best_effort_timestamp);
      Time time{0};
      if (sampling_.keyframes) {
        // Only those packets are decoded that are sampled.
        if (!read || *read <= last_) continue;
        time = last_ = *read;
        end_ = std::max(end_, time + clock_.TypicalStep());
      } else {
        time = clock_.Tick(read, packets_end_);
        end_ = clock_.End();
        if (time >= kLongestVideo) {
          probe_.too_long = true;
          break;
        }
        cut_ = sampling_.end && time >= *sampling_.end;
        if (cut_) break;
        if (time < next_sample_) continue;
        next_sample_ = SampleAfter(time, sampling_.fps);
        if (time < sampling_.start) continue;
      }
      frame->time = time;
      frame->image = Convert();
      any_frame_ = true;
      return true;
    }
    Finish();
    return false;
  }

  // The next frame into decoded_. False at the end.
  bool Decode() {
    while (true) {
      const int got = avcodec_receive_frame(decoder_.get(), decoded_.get());
      if (got == 0) return true;
      if (got == AVERROR_EOF) return false;
      if (got != AVERROR(EAGAIN)) {
        ++damaged_;  // such a picture is none
        continue;
      }
      const bool more = ReadPacket();
      const int sent =
          avcodec_send_packet(decoder_.get(), more ? packet_.get() : nullptr);
      if (more && sent < 0) ++damaged_;
      av_packet_unref(packet_.get());
    }
  }

  // The next packet that is to be decoded; false at the end of the file or of
  // the stretch.
  bool ReadPacket() {
    while (NextPacket(format_.get(), packet_.get()) >= 0) {
      if (packet_->stream_index != stream_->index) {
        HearPacket();
        av_packet_unref(packet_.get());
        continue;
      }
      SeePacket();
      if (!sampling_.keyframes || SeeKeyframe()) {
        return true;
      } else if (done_reading_) {
        break;
      }
      av_packet_unref(packet_.get());
    }
    return false;
  }

  // Whether or not it can be decoded.
  void SeePacket() {
    const std::optional<Time> time = StampOfPacket();
    if (time && IsBelievable(*time))
      packets_end_ = std::max(packets_end_, *time);
  }

  // A packet's time that is not absurdly far ahead of all that came before it,
  // or that the file is declared to reach.
  bool IsBelievable(Time time) const {
    if (time - std::max(packets_end_, sound_end_) < kLongestStill) return true;
    return !probe_.estimated && probe_.duration && time <= *probe_.duration;
  }

  // Of keyframes alone: whether the packet is one that is to be sampled.
  bool SeeKeyframe() {
    const Time time = TimeOfPacket();
    const bool after =
        (sampling_.end && time >= *sampling_.end) || time >= kLongestVideo;
    if (!after) end_ = std::max(end_, time + Length());
    if ((packet_->flags & AV_PKT_FLAG_KEY) == 0) return false;
    any_keyframe_ = true;
    done_reading_ = after;
    if (time >= kLongestVideo) probe_.too_long = true;
    if (after || time < next_sample_) return false;
    next_sample_ = SampleAfter(time, sampling_.fps);
    if (time < sampling_.start) return false;
    any_sampled_ = true;
    // Where the file has no time, the decoder is to hand on the likely one.
    packet_->pts = packet_->dts =
        FirstStamp() + av_rescale_q((time - probe_.start).count(),
                                    kMicroseconds, stream_->time_base);
    return true;
  }

  void HearPacket() {
    const AVStream& stream = *format_->streams[packet_->stream_index];
    if (packet_->flags & AV_PKT_FLAG_DISCARD) return;  // behind an edit
    if (packet_->pts == AV_NOPTS_VALUE || !IsSane(packet_->pts, stream) ||
        !IsSane(packet_->duration, stream) || IsHeader(*packet_, stream)) {
      return;
    }
    const std::int64_t origin =
        format_->start_time == AV_NOPTS_VALUE ? 0 : format_->start_time;
    const auto time_of = [&](std::int64_t stamp) {
      return Time(av_rescale_q(stamp, stream.time_base, kMicroseconds) -
                  origin);
    };
    Time end =
        time_of(packet_->pts + std::max<std::int64_t>(packet_->duration, 0));
    if (stream.codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE) {
      words_end_ = std::max(words_end_, end);
      return;
    }
    const Time length = end - time_of(packet_->pts);
    if (length >= kLongestStill) return;
    // Where all jump absurdly far ahead, or begin again, sound goes on as the
    // pictures do.
    const Time start = time_of(packet_->pts) - sound_jump_;
    if (!IsBelievable(start)) sound_jump_ += start - sound_end_;
    Time& track_end = track_ends_[packet_->stream_index];
    end = track_end - start > kLongestOverlap ? track_end + length
                                              : end - sound_jump_;
    if (end >= kLongestVideo) return;
    track_end = std::max(track_end, end);
    sound_end_ = std::max(sound_end_, end);
  }

  std::int64_t FirstStamp() const {
    return stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
  }

  std::optional<Time> TimeOf(std::int64_t stamp) const {
    if (stamp == AV_NOPTS_VALUE || !IsSane(stamp, *stream_) ||
        !IsSane(FirstStamp(), *stream_)) {
      return std::nullopt;
    }
    return probe_.start + Time(av_rescale_q(stamp - FirstStamp(),
                                            stream_->time_base, kMicroseconds));
  }

  std::optional<Time> StampOfPacket() const {
    return TimeOf(packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts);
  }

  Time TimeOfPacket() {
    const Time likely = probe_.start + packets_++ * clock_.TypicalStep();
    const std::optional<Time> time = StampOfPacket();
    const bool believed =
        time && (*time - end_ < kLongestStill || *time <= packets_end_);
    return believed ? *time : likely;
  }

  Time Length() const {
    const Time length =
        packet_->duration > 0 && IsSane(packet_->duration, *stream_)
            ? Time(av_rescale_q(packet_->duration, stream_->time_base,
                                kMicroseconds))
            : clock_.TypicalStep();
    return std::min(length, kLongestStill);
  }

  // decoded_ in BGR, upright. The rows are padded as FFmpeg's conversion needs
  // it.
  Image Convert() {
    const int width = decoded_->width, height = decoded_->height;
    const LibavHandle<AVFrame> bgr(av_frame_alloc());
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
                   static_cast<std::size_t>(bgr->linesize[0]), probe_.shape);
  }

  void Finish() {
    done_ = true;
    if (!decoder_) {
      ReadSound();
      return;
    }
    const bool none = sampling_.keyframes
                          ? !any_frame_ && (any_sampled_ || !any_keyframe_)
                          : clock_.frames() == 0;
    if (none) {
      if (sound_end_ == Time(0))
        FailWithoutPictures(
            path_, sampling_.keyframes ? "keyframes" : "pictures", probe_);
      WarnOfPictures();
      return;
    }
    const bool whole = !cut_ && !(sampling_.keyframes && sampling_.end);
    if (whole && WarnOfTail()) return;
    if (damaged_ == 0 && !complaints_.filled_in) return;
    warnings_.push_back(
        {"pictures_damaged",
         path_ + ": " +
             (damaged_ > 0
                  ? std::to_string(damaged_) +
                        " of its packets of pictures cannot be decoded; the "
                        "others are used"
                  : "some of its pictures cannot be decoded whole; what they "
                    "lack is filled in")});
  }

  // Of a file that was read to its end: whether there was something to say.
  bool WarnOfTail() {
    const ReadEnds read{std::min(end_, kLongestVideo), packets_end_,
                        std::max(media_end(), words_end_)};
    VideoTail tail = FindTail(path_, read, probe_);
    end_ = tail.end;
    if (!tail.warning) return false;
    warnings_.push_back(std::move(*tail.warning));
    return true;
  }

  void ReadSound() {
    while (NextPacket(format_.get(), packet_.get()) >= 0) {
      HearPacket();
      av_packet_unref(packet_.get());
    }
  }

  const std::string path_;
  const Sampling sampling_;
  const int threads_;
  FormatHandle format_;
  VideoProbe probe_;
  VideoInfo info_;
  AVStream* stream_ = nullptr;           // format_'s
  Complaints complaints_;                // decoder_'s
  LibavHandle<AVCodecContext> decoder_;  // null: there is nothing to decode
  LibavHandle<AVPacket> packet_;
  LibavHandle<AVFrame> decoded_;
  LibavHandle<SwsContext> scaler_;
  FrameClock clock_{Time(0), std::nullopt};
  long long packets_ = 0;  // of pictures, read so far for keyframes
  Time last_{-1};          // keyframe given
  Time end_{0};
  Time packets_end_{0};  // the last believable time of one of pictures
  Time sound_end_{0};
  std::map<int, Time> track_ends_;  // of sound, by its stream
  Time sound_jump_{0};              // that its times are ahead
  Time words_end_{0};               // of subtitles
  Time next_sample_{0};
  long long damaged_ = 0;  // packets
  bool any_keyframe_ = false;
  bool any_sampled_ = false;
  bool any_frame_ = false;
  bool done_reading_ = false;
  bool cut_ = false;  // it was not read to its end
  bool done_ = false;
  std::vector<Warning> warnings_;
};

// How damage is hidden depends on how far the threads are that decode the
// pictures around it. From the first damage on the pictures are those of one
// thread, so that the same file always gives the same.
class SteadyVideoReader : public VideoReader {
 public:
  SteadyVideoReader(const std::string& path, const Sampling& sampling)
      : path_(path), sampling_(sampling) {
    Open(kThreadPerCore);
    if (WasLeftToThreads()) Open(1);
  }

  const VideoInfo& info() const override { return reader_->info(); }
  Time end() const override { return reader_->end(); }
  Time media_end() const override { return reader_->media_end(); }
  const std::vector<Warning>& warnings() const override {
    return reader_->warnings();
  }

  bool Next(Frame* frame) override {
    bool more = reader_->Next(frame);
    if (WasLeftToThreads()) {
      Open(1);
      more = true;
      for (long long i = 0; more && i <= given_; ++i)
        more = reader_->Next(frame);
    }
    given_ += more;
    return more;
  }

 private:
  bool WasLeftToThreads() const {
    return reader_->damaged() && reader_->uses_threads();
  }

  void Open(int threads) {
    reader_ = std::make_unique<LibavVideoReader>(path_, sampling_, threads);
  }

  const std::string path_;
  const Sampling sampling_;
  std::unique_ptr<LibavVideoReader> reader_;
  long long given_ = 0;  // frames
};

}  // namespace

std::unique_ptr<VideoReader> OpenVideo(const std::string& path,
                                       const Sampling& sampling) {
  return std::make_unique<SteadyVideoReader>(path, sampling);
}

}  // namespace vsa
