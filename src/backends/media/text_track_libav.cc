#include "backends/media/text_track_libav.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "backends/media/a53.h"
#include "backends/media/cea608_libav.h"
#include "backends/media/libav_handles.h"
#include "backends/media/open_libav.h"
#include "backends/media/webvtt_sample.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace vsa {
namespace {

constexpr std::size_t kMostCaptions = 200000;
constexpr std::size_t kMostBytes = 100 * 1000 * 1000;
constexpr double kLatest = 3600 * 24 * 10;  // seconds; beyond it a time is none

constexpr unsigned kBoxedWebVtt = MKTAG('w', 'v', 't', 't');
constexpr unsigned kBoxedTtml = MKTAG('s', 't', 'p', 'p');

// A stream's codec. FFmpeg hands out these two of MP4 without a name for them.
AVCodecID CodecOf(const AVStream& stream) {
  switch (stream.codecpar->codec_tag) {
    case kBoxedWebVtt:
      return AV_CODEC_ID_WEBVTT;
    case kBoxedTtml:
      return AV_CODEC_ID_TTML;
    default:
      return stream.codecpar->codec_id;
  }
}

// The codecs whose packets are text, or become so here. FFmpeg's decoders would
// turn each into ASS; as they are stored, they are read like the files they
// came from, but for CEA-608, which is no text before.
bool IsText(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_MOV_TEXT:
    case AV_CODEC_ID_SUBRIP:
    case AV_CODEC_ID_TEXT:
    case AV_CODEC_ID_ASS:
    case AV_CODEC_ID_SSA:
    case AV_CODEC_ID_WEBVTT:
    case AV_CODEC_ID_EIA_608:
      return true;
    default:
      return false;
  }
}

std::string_view BytesOf(const AVPacket& packet) {
  return {reinterpret_cast<const char*>(packet.data),
          static_cast<std::size_t>(packet.size)};
}

// The texts of a packet, which are one but for WebVTT in MP4. That of mov_text
// has its length in front and style behind; one that would reach beyond its
// packet ends with it.
std::vector<std::string> TextsOf(const AVPacket& packet,
                                 const AVStream& stream) {
  const std::string_view bytes = BytesOf(packet);
  if (stream.codecpar->codec_tag == kBoxedWebVtt)
    return ParseWebVttSample(bytes);
  if (CodecOf(stream) != AV_CODEC_ID_MOV_TEXT) return {std::string(bytes)};
  if (bytes.size() < 2) return {""};
  const std::size_t length = static_cast<unsigned char>(bytes[0]) * 256u +
                             static_cast<unsigned char>(bytes[1]);
  return {std::string(bytes.substr(2, length))};
}

// Makes the last one of `captions` that shows the same up to the start of
// `next` go on through it. In MP4 a cue of WebVTT is cut where another one
// starts or ends.
bool GoOn(const TrackCaption& next, std::vector<TrackCaption>* captions) {
  constexpr std::size_t kMostAtOnce = 16;
  const std::size_t last = std::min(captions->size(), kMostAtOnce);
  for (auto one = captions->rbegin(); one != captions->rbegin() + last; ++one) {
    if (one->end != next.start || one->text != next.text) continue;
    one->end = next.end;
    return true;
  }
  return false;
}

// Makes the packets of a stream captions.
class Gathered {
 public:
  Gathered(const AVFormatContext& format, const AVStream& stream)
      : stream_(stream),
        origin_(format.start_time == AV_NOPTS_VALUE
                    ? 0
                    : static_cast<double>(format.start_time) / AV_TIME_BASE) {
    const AVMediaType type = avcodec_get_type(CodecOf(stream));
    in_pictures_ = type == AVMEDIA_TYPE_VIDEO;
    if (in_pictures_ || CodecOf(stream) == AV_CODEC_ID_EIA_608)
      cea608_.emplace();
  }

  // False if that would be too much.
  bool Add(const AVPacket& packet) {
    const auto pts = static_cast<double>(packet.pts);
    const auto duration = static_cast<double>(packet.duration);
    const double start = pts * av_q2d(stream_.time_base) - origin_;
    const double end = (pts + duration) * av_q2d(stream_.time_base) - origin_;
    if (packet.pts == AV_NOPTS_VALUE || std::abs(start) >= kLatest) return true;
    const Time time(std::llround(start * 1e6));
    if (in_pictures_) {
      // Pictures are not stored in the order in which they are shown.
      std::string cc_data = CaptionsInPacket(BytesOf(packet));
      bytes_ += cc_data.size();
      has_cea708_ = has_cea708_ || HasCea708(cc_data);
      if (!cc_data.empty()) shown_.push_back({time, std::move(cc_data)});
      return bytes_ <= kMostBytes;
    }
    if (cea608_) {
      time_ = std::max(time, time_);
      const std::size_t before = captions_.size();
      cea608_->AddPacked(time_, BytesOf(packet), &captions_);
      for (std::size_t i = before; i < captions_.size(); ++i)
        bytes_ += captions_[i].text.size();
      return captions_.size() < kMostCaptions && bytes_ <= kMostBytes;
    }
    for (std::string& text : TextsOf(packet, stream_)) {
      if (captions_.size() == kMostCaptions || bytes_ > kMostBytes)
        return false;
      TrackCaption caption;
      caption.start = time;
      const bool ends = duration > 0 && end - start < kLatest;
      caption.end = ends ? Time(std::llround(end * 1e6)) : Time::max();
      caption.text = std::move(text);
      bytes_ += caption.text.size();
      const bool cut = stream_.codecpar->codec_tag == kBoxedWebVtt;
      if (!cut || !GoOn(caption, &captions_))
        captions_.push_back(std::move(caption));
    }
    return true;
  }

  std::vector<TrackCaption> Finish() {
    std::stable_sort(
        shown_.begin(), shown_.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [time, cc_data] : shown_)
      cea608_->AddPacked(time, cc_data, &captions_);
    if (cea608_) cea608_->Finish(&captions_);
    return std::move(captions_);
  }

  bool has_cea708() const { return has_cea708_; }

 private:
  const AVStream& stream_;
  const double origin_;  // seconds
  bool in_pictures_ = false;
  bool has_cea708_ = false;
  std::vector<std::pair<Time, std::string>> shown_;  // cc_data of pictures
  std::optional<Cea608Decoder> cea608_;
  Time time_ = Time::min();
  std::vector<TrackCaption> captions_;
  std::size_t bytes_ = 0;
};

}  // namespace

namespace {

// Whether one of the first pictures carries captions.
bool HaveCaptions(const AVStream& pictures, AVFormatContext* format) {
  constexpr int kMostPackets = 500;  // of all streams
  constexpr int kMostPictures = 30;
  const LibavHandle<AVPacket> packet(av_packet_alloc());
  int seen = 0;
  for (int i = 0; i < kMostPackets && seen < kMostPictures; ++i) {
    if (NextPacket(format, packet.get()) < 0) return false;
    const bool is_picture = packet->stream_index == pictures.index;
    const bool found =
        is_picture && !CaptionsInPacket(BytesOf(*packet)).empty();
    av_packet_unref(packet.get());
    if (found) return true;
    if (is_picture) ++seen;
  }
  return false;
}

}  // namespace

std::vector<TextTrack> ListTextTracks(const std::string& path) {
  const FormatHandle format = OpenFormat(path);
  std::vector<TextTrack> tracks;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    const AVStream& stream = *format->streams[i];
    const AVCodecID codec = CodecOf(stream);
    if (avcodec_get_type(codec) != AVMEDIA_TYPE_SUBTITLE) continue;
    TextTrack track;
    track.index = static_cast<int>(i);
    track.codec = avcodec_get_name(codec);
    track.language = LanguageTag(stream);
    track.title = Tag(stream, "title");
    track.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    track.forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
    track.comment = (stream.disposition & AV_DISPOSITION_COMMENT) != 0;
    track.text = IsText(codec);
    tracks.push_back(std::move(track));
  }
  const AVStream* pictures = FindPictures(*format);
  if (pictures != nullptr && HaveCaptions(*pictures, format.get())) {
    TextTrack track;
    track.index = pictures->index;
    track.codec = avcodec_get_name(AV_CODEC_ID_EIA_608);
    tracks.push_back(std::move(track));
  }
  return tracks;
}

TrackText ReadTextTrack(const std::string& path, int index) {
  const FormatHandle format = OpenFormat(path);
  TrackText out;
  if (index < 0 || static_cast<unsigned>(index) >= format->nb_streams)
    return out;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (i != static_cast<unsigned>(index))
      format->streams[i]->discard = AVDISCARD_ALL;
  }
  Gathered gathered(*format, *format->streams[index]);
  const LibavHandle<AVPacket> packet(av_packet_alloc());
  for (;;) {
    const int status = NextPacket(format.get(), packet.get());
    if (status < 0) {
      if (status != AVERROR_EOF) out.whole = false;
      break;
    }
    if (packet->stream_index == index && !gathered.Add(*packet)) {
      out.whole = false;
      break;
    }
    av_packet_unref(packet.get());
  }
  out.captions = gathered.Finish();
  if (out.captions.empty() && gathered.has_cea708()) {
    throw Error(ErrorKind::kInput,
                path + ": track " + std::to_string(index) +
                    " has captions of CEA-708 alone, which are not read; "
                    "expected CEA-608");
  }
  return out;
}

}  // namespace vsa
