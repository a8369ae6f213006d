#include "backends/media/audio_libav.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>
#include <tuple>
#include <utility>

#include "backends/media/libav_handles.h"
#include "backends/media/mono_mix.h"
#include "backends/media/open_libav.h"
#include "video/sampling.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

namespace vsa {
namespace {

constexpr AVRational kMicroseconds = {1, 1000000};

// A jump of a file's times that is longer is a gap, or sound that comes twice;
// shorter ones are the roundings of containers.
constexpr std::int64_t kLongestJitter = kSampleRate / 20;

// A longer gap is not silence, but times that are wrong: hours of nothing would
// be listened to.
constexpr std::int64_t kLongestGap = std::int64_t{3600} * kSampleRate;

// Given at a time.
constexpr std::int64_t kMostSilence = kSampleRate;

std::int64_t ToSamples(Time time) {
  return time.count() * (kSampleRate / 1000) / 1000;
}

// Null if there is none.
AVStream* FindSound(const AVFormatContext& format) {
  AVStream* best = nullptr;
  const auto rank = [](const AVStream& stream) {
    constexpr int kAside = AV_DISPOSITION_COMMENT |
                           AV_DISPOSITION_VISUAL_IMPAIRED |
                           AV_DISPOSITION_DESCRIPTIONS;
    return std::make_tuple((stream.disposition & kAside) == 0,
                           (stream.disposition & AV_DISPOSITION_DEFAULT) != 0);
  };
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream* stream = format.streams[i];
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
        (best == nullptr || rank(*stream) > rank(*best))) {
      best = stream;
    }
  }
  return best;
}

AVStream* NamedSound(const AVFormatContext& format, const std::string& path,
                     int track) {
  std::string known;
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream* stream = format.streams[i];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
    if (static_cast<int>(i) == track) return stream;
    known += (known.empty() ? "" : ", ") + std::to_string(i);
  }
  throw Error(ErrorKind::kInput,
              path + ": has no sound track " + std::to_string(track) +
                  "; expected " +
                  (known.empty() ? "a file with sound" : "one of " + known));
}

class LibavAudioReader : public AudioReader {
 public:
  LibavAudioReader(const std::string& path, const Hearing& hearing,
                   FormatHandle format, AVStream* stream)
      : path_(path),
        first_(ToSamples(hearing.start)),
        end_(hearing.end ? ToSamples(*hearing.end) : ToSamples(kLongestVideo)),
        format_(std::move(format)),
        stream_(stream),
        packet_(av_packet_alloc()),
        decoded_(av_frame_alloc()) {
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      if (format_->streams[i] != stream_)
        format_->streams[i]->discard = AVDISCARD_ALL;
    }
    const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
    if (codec != nullptr) decoder_.reset(avcodec_alloc_context3(codec));
    if (decoder_ == nullptr ||
        avcodec_parameters_to_context(decoder_.get(), stream_->codecpar) < 0 ||
        avcodec_open2(decoder_.get(), codec, nullptr) < 0) {
      decoder_.reset();
      done_ = true;
      WarnOfAll();
    }
  }

  const std::vector<Warning>& warnings() const override { return warnings_; }

  bool Next(std::vector<float>* samples) override {
    const std::size_t before = samples->size();
    while (!done_ && samples->size() == before) {
      if (silence_ > 0) {
        AppendSilence(samples);
      } else if (!pending_.empty()) {
        Append(&pending_, samples);
      } else if (Decode()) {
        Place();
      } else if (!Flush()) {
        Finish();
      }
      if (!done_ && at_ >= end_) Finish();
    }
    return samples->size() > before;
  }

 private:
  // The next frame into decoded_. False at the end.
  bool Decode() {
    while (true) {
      const int got = avcodec_receive_frame(decoder_.get(), decoded_.get());
      if (got == 0) return true;
      if (got == AVERROR_EOF) return false;
      if (got != AVERROR(EAGAIN)) {
        ++damaged_;
        continue;
      }
      bool more = false;
      while (!more && NextPacket(format_.get(), packet_.get()) >= 0) {
        more = packet_->stream_index == stream_->index &&
               !IsHeader(*packet_, *stream_);
        if (!more) av_packet_unref(packet_.get());
      }
      const int sent =
          avcodec_send_packet(decoder_.get(), more ? packet_.get() : nullptr);
      if (more && sent < 0) ++damaged_;
      av_packet_unref(packet_.get());
    }
  }

  // Resamples decoded_ into pending_, with the silence before it, or without
  // what was heard already. Where times begin again sound goes on, as the
  // pictures do (video/frame_clock.h), until they are ahead of it.
  void Place() {
    ++decoded_frames_;
    std::vector<float> heard = Resample(decoded_.get());
    std::optional<std::int64_t> start = StartOf(*decoded_);
    if (start && *start - at_ > kLongestGap) {
      start.reset();
      ++misplaced_;
    }
    // What lies before the beginning was not heard.
    if (start && at_ > 0 && at_ - *start > ToSamples(kLongestOverlap))
      start.reset();
    if (!start || std::abs(*start - at_) <= kLongestJitter) {
      pending_ = std::move(heard);
      return;
    }
    if (*start > at_) {
      silence_ = std::min(*start, end_) - at_;
    } else {
      const std::int64_t again = std::min<std::int64_t>(
          at_ - *start, static_cast<std::int64_t>(heard.size()));
      heard.erase(heard.begin(), heard.begin() + again);
    }
    pending_ = std::move(heard);
  }

  // Where a frame lies, in samples from the start of the file.
  std::optional<std::int64_t> StartOf(const AVFrame& frame) const {
    const std::int64_t stamp = frame.best_effort_timestamp;
    const double seconds =
        static_cast<double>(stamp) * av_q2d(stream_->time_base);
    if (stamp == AV_NOPTS_VALUE || std::abs(seconds) > 1e9) return std::nullopt;
    const std::int64_t origin =
        format_->start_time == AV_NOPTS_VALUE ? 0 : format_->start_time;
    const Time time(av_rescale_q(stamp, stream_->time_base, kMicroseconds) -
                    origin);
    // Beyond it lies no sound, but a time that is wrong.
    if (time > kLongestVideo) return std::nullopt;
    // What the resampler still holds of the sound before is heard first.
    return ToSamples(time) - Held();
  }

  std::int64_t Held() const {
    return resampler_ == nullptr ? 0
                                 : swr_get_delay(resampler_.get(), kSampleRate);
  }

  // What `frame` gives, or, of null, what is still held.
  std::vector<float> Resample(const AVFrame* frame) {
    std::vector<float> out;
    if (frame != nullptr && !FitsResampler(*frame)) {
      out = Resample(nullptr);
      if (!OpenResampler(*frame)) {
        ++damaged_;
        return out;
      }
    }
    if (resampler_ == nullptr) return out;
    const int samples = frame == nullptr ? 0 : frame->nb_samples;
    const int room = swr_get_out_samples(resampler_.get(), samples);
    if (room <= 0) return out;
    std::vector<float> left(static_cast<std::size_t>(room));
    std::vector<float> right(channels_ > 1 ? left.size() : 0);
    std::uint8_t* to[] = {reinterpret_cast<std::uint8_t*>(left.data()),
                          reinterpret_cast<std::uint8_t*>(right.data())};
    const int got = swr_convert(
        resampler_.get(), to, room,
        frame == nullptr
            ? nullptr
            : const_cast<const std::uint8_t**>(frame->extended_data),
        samples);
    // Floats may be far beyond full scale: a single one would make all around
    // it seem silent.
    for (std::vector<float>* side : {&left, &right}) {
      for (float& sample : *side)
        sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0;
    }
    left.resize(static_cast<std::size_t>(std::max(got, 0)));
    if (!right.empty())
      mix_.Mix(left.data(), right.data(), left.size(), left.data());
    out.insert(out.end(), left.begin(), left.end());
    return out;
  }

  bool FitsResampler(const AVFrame& frame) const {
    return resampler_ != nullptr && frame.format == format_of_ &&
           frame.sample_rate == rate_ &&
           frame.ch_layout.nb_channels == channels_;
  }

  bool OpenResampler(const AVFrame& frame) {
    format_of_ = frame.format;
    rate_ = frame.sample_rate;
    channels_ = frame.ch_layout.nb_channels;
    AVChannelLayout in = frame.ch_layout;
    AVChannelLayout likely = {};
    if (in.order == AV_CHANNEL_ORDER_UNSPEC) {
      av_channel_layout_default(&likely, channels_);
      in = likely;
    }
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    SwrContext* made = nullptr;
    const int status = swr_alloc_set_opts2(
        &made, channels_ > 1 ? &stereo : &mono, AV_SAMPLE_FMT_FLTP, kSampleRate,
        &in, static_cast<AVSampleFormat>(format_of_), rate_, 0, nullptr);
    resampler_.reset(made);
    // Channels that agree are as loud together as each of them.
    if (status >= 0 && made != nullptr &&
        av_opt_set_double(made, "rematrix_maxval", 1, 0) >= 0 &&
        (in.order != AV_CHANNEL_ORDER_UNSPEC || HearAllAlike(made)) &&
        swr_init(made) >= 0) {
      return true;
    }
    resampler_.reset();
    return false;
  }

  // Of many microphones nobody knows where they stand: every other one is on
  // the left.
  bool HearAllAlike(SwrContext* made) const {
    const auto count = static_cast<std::size_t>(channels_);
    std::vector<double> parts(2 * count, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t side = i % 2;
      const std::size_t of_side = (count + 1 - side) / 2;
      parts[side * count + i] = 1.0 / static_cast<double>(of_side);
    }
    return swr_set_matrix(made, parts.data(), channels_) >= 0;
  }

  void AppendSilence(std::vector<float>* samples) {
    std::vector<float> zeros(
        static_cast<std::size_t>(std::min(silence_, kMostSilence)), 0.0f);
    silence_ -= static_cast<std::int64_t>(zeros.size());
    Append(&zeros, samples);
  }

  // Those of `heard` that lie in the stretch.
  void Append(std::vector<float>* heard, std::vector<float>* samples) {
    const auto size = static_cast<std::int64_t>(heard->size());
    const std::int64_t from = std::clamp<std::int64_t>(first_ - at_, 0, size);
    const std::int64_t to = std::clamp<std::int64_t>(end_ - at_, from, size);
    samples->insert(samples->end(), heard->begin() + from, heard->begin() + to);
    at_ += size;
    heard->clear();
  }

  // What the resampler still holds into pending_; false if that is nothing.
  bool Flush() {
    if (resampler_ == nullptr || flushed_) return false;
    flushed_ = true;
    pending_ = Resample(nullptr);
    return !pending_.empty();
  }

  // At the end of the file, or of the stretch.
  void Finish() {
    done_ = true;
    if (misplaced_ > 0) {
      warnings_.push_back(
          {"sound_damaged", path_ + ": the times of " +
                                std::to_string(misplaced_) +
                                " pieces of its sound jump by over an hour; "
                                "they are heard behind those before them"});
    }
    if (decoded_frames_ == 0 && damaged_ > 0) {
      WarnOfAll();
    } else if (damaged_ > 0) {
      warnings_.push_back(
          {"sound_damaged", path_ + ": " + std::to_string(damaged_) +
                                " pieces of its sound cannot be decoded; the "
                                "others are heard"});
    }
  }

  void WarnOfAll() {
    warnings_.push_back(
        {"sound_unreadable", path_ + ": its sound (" +
                                 avcodec_get_name(stream_->codecpar->codec_id) +
                                 ") cannot be decoded: nothing is heard"});
  }

  const std::string path_;
  const std::int64_t first_;  // of the stretch, in samples; so are all counts
  const std::int64_t end_;
  FormatHandle format_;
  AVStream* const stream_;  // format_'s
  LibavHandle<AVCodecContext> decoder_;
  LibavHandle<AVPacket> packet_;
  LibavHandle<AVFrame> decoded_;
  LibavHandle<SwrContext> resampler_;
  int format_of_ = -1;  // what resampler_ takes
  int rate_ = 0;
  int channels_ = 0;
  MonoMix mix_;                 // of more than one
  std::int64_t at_ = 0;         // how much was heard or passed over
  std::int64_t silence_ = 0;    // to be given before pending_
  std::vector<float> pending_;  // decoded, not given
  long long decoded_frames_ = 0;
  long long damaged_ = 0;
  long long misplaced_ = 0;  // whose times are not believed
  bool flushed_ = false;
  bool done_ = false;
  std::vector<Warning> warnings_;
};

}  // namespace

std::unique_ptr<AudioReader> OpenAudio(const std::string& path,
                                       const Hearing& hearing) {
  FormatHandle format = OpenFormat(path);
  AVStream* stream = hearing.track ? NamedSound(*format, path, *hearing.track)
                                   : FindSound(*format);
  if (stream == nullptr) return nullptr;
  return std::make_unique<LibavAudioReader>(path, hearing, std::move(format),
                                            stream);
}

std::vector<SoundTrack> ListSoundTracks(const std::string& path) {
  const FormatHandle format = OpenFormat(path);
  const AVStream* heard = FindSound(*format);
  std::vector<SoundTrack> tracks;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    const AVStream& stream = *format->streams[i];
    const AVCodecParameters& codec = *stream.codecpar;
    if (codec.codec_type != AVMEDIA_TYPE_AUDIO) continue;
    SoundTrack track;
    track.index = static_cast<int>(i);
    track.codec = avcodec_get_name(codec.codec_id);
    track.language = LanguageTag(stream);
    track.title = Tag(stream, "title");
    track.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    track.channels = std::max(codec.ch_layout.nb_channels, 0);
    track.sample_rate = std::max(codec.sample_rate, 0);
    track.heard = &stream == heard;
    tracks.push_back(std::move(track));
  }
  return tracks;
}

}  // namespace vsa
