#include "backends/media/text_track_libav.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "backends/media/open_libav.h"
#include "backends/media/webvtt_sample.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace vsa {
namespace {

constexpr std::size_t kMostCaptions = 200000;
constexpr std::size_t kMostBytes = 100 * 1000 * 1000;
constexpr double kLatest = 3600 * 24 * 10;  // seconds; beyond it a time is none

struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

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

// The codecs whose packets are text. FFmpeg's decoders would turn each into
// ASS; as they are stored, they are read like the files they came from.
bool IsText(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_MOV_TEXT:
    case AV_CODEC_ID_SUBRIP:
    case AV_CODEC_ID_TEXT:
    case AV_CODEC_ID_ASS:
    case AV_CODEC_ID_SSA:
    case AV_CODEC_ID_WEBVTT:
      return true;
    default:
      return false;
  }
}

std::string Tag(const AVStream& stream, const char* name) {
  const AVDictionaryEntry* entry =
      av_dict_get(stream.metadata, name, nullptr, 0);
  return entry == nullptr ? "" : entry->value;
}

// The texts of a packet, which are one but for WebVTT in MP4. That of mov_text
// has its length in front and style behind; one that would reach beyond its
// packet ends with it.
std::vector<std::string> TextsOf(const AVPacket& packet,
                                 const AVStream& stream) {
  const std::string_view bytes(reinterpret_cast<const char*>(packet.data),
                               static_cast<std::size_t>(packet.size));
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
    track.language = Tag(stream, "language");
    if (track.language == "und") track.language.clear();
    track.title = Tag(stream, "title");
    track.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    track.forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
    track.comment = (stream.disposition & AV_DISPOSITION_COMMENT) != 0;
    track.text = IsText(codec);
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
  const AVStream& stream = *format->streams[index];
  const double origin =
      format->start_time == AV_NOPTS_VALUE
          ? 0
          : static_cast<double>(format->start_time) / AV_TIME_BASE;
  const std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
  std::size_t bytes = 0;
  for (;;) {
    const int status = av_read_frame(format.get(), packet.get());
    if (status < 0) {
      if (status != AVERROR_EOF) out.whole = false;
      return out;
    }
    const auto pts = static_cast<double>(packet->pts);
    const auto duration = static_cast<double>(packet->duration);
    const double start = pts * av_q2d(stream.time_base) - origin;
    const double end = (pts + duration) * av_q2d(stream.time_base) - origin;
    if (packet->stream_index == index && packet->pts != AV_NOPTS_VALUE &&
        std::abs(start) < kLatest) {
      for (std::string& text : TextsOf(*packet, stream)) {
        if (out.captions.size() == kMostCaptions || bytes > kMostBytes) {
          out.whole = false;
          return out;
        }
        TrackCaption caption;
        caption.start = Time(std::llround(start * 1e6));
        const bool ends = duration > 0 && end - start < kLatest;
        caption.end = ends ? Time(std::llround(end * 1e6)) : Time::max();
        caption.text = std::move(text);
        bytes += caption.text.size();
        const bool cut = stream.codecpar->codec_tag == kBoxedWebVtt;
        if (!cut || !GoOn(caption, &out.captions))
          out.captions.push_back(std::move(caption));
      }
    }
    av_packet_unref(packet.get());
  }
}

}  // namespace vsa
