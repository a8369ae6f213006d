#include "text_track_libav.h"

#include <cmath>
#include <memory>

#include "open_libav.h"

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

// What a packet holds. That of mov_text has its length in front and style
// behind; one that would reach beyond its packet is none.
std::string TextOf(const AVPacket& packet, AVCodecID codec) {
  std::string text(reinterpret_cast<const char*>(packet.data),
                   static_cast<std::size_t>(packet.size));
  if (codec != AV_CODEC_ID_MOV_TEXT) return text;
  if (text.size() < 2) return "";
  const std::size_t length = static_cast<unsigned char>(text[0]) * 256u +
                             static_cast<unsigned char>(text[1]);
  return text.substr(2, length);
}

}  // namespace

std::vector<TextTrack> ListTextTracks(const std::string& path) {
  const FormatHandle format = OpenFormat(path);
  std::vector<TextTrack> tracks;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    const AVStream& stream = *format->streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE) continue;
    TextTrack track;
    track.index = static_cast<int>(i);
    track.codec = avcodec_get_name(stream.codecpar->codec_id);
    track.language = Tag(stream, "language");
    if (track.language == "und") track.language.clear();
    track.title = Tag(stream, "title");
    track.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    track.forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
    track.text = IsText(stream.codecpar->codec_id);
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
    const double start =
        static_cast<double>(packet->pts) * av_q2d(stream.time_base) - origin;
    const double length =
        static_cast<double>(packet->duration) * av_q2d(stream.time_base);
    if (packet->stream_index == index && packet->pts != AV_NOPTS_VALUE &&
        std::abs(start) < kLatest) {
      if (out.captions.size() == kMostCaptions || bytes > kMostBytes) {
        out.whole = false;
        return out;
      }
      TrackCaption caption;
      caption.start = Time(std::llround(start * 1e6));
      const bool ends = packet->duration > 0 && length < kLatest;
      caption.end =
          ends ? Time(std::llround((start + length) * 1e6)) : Time::max();
      caption.text = TextOf(*packet, stream.codecpar->codec_id);
      bytes += caption.text.size();
      out.captions.push_back(std::move(caption));
    }
    av_packet_unref(packet.get());
  }
}

}  // namespace vsa
