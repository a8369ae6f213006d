#include "backends/media/seek_libav.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "backends/media/libav_handles.h"
#include "backends/media/open_libav.h"
#include "video/sampling.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace vsa {
namespace {

// The deepest reordering of H.264 and H.265.
constexpr std::size_t kDeepest = 16;

// What is known of a keyframe's packet besides its flag.
struct Keyframe {
  bool closed = false;      // pictures shown after it need none before it
  bool parameters = false;  // holds parameter sets of its own
};

bool IsTrueSeekingFormat(const char* name) {
  return std::strcmp(name, "mov,mp4,m4a,3gp,3g2,mj2") == 0 ||
         std::strcmp(name, "matroska,webm") == 0;
}

// Of H.264 and H.265 in these formats: units behind their lengths. None if the
// lengths do not fill the packet.
std::optional<Keyframe> ParseUnits(const AVCodecParameters& codec,
                                   const AVPacket& packet) {
  const bool h264 = codec.codec_id == AV_CODEC_ID_H264;
  const int at = h264 ? 4 : 21;
  if (codec.extradata_size <= at || codec.extradata[0] != 1)
    return std::nullopt;
  const int length_size = (codec.extradata[at] & 3) + 1;
  Keyframe keyframe;
  keyframe.closed = true;
  bool any_slice = false;
  int offset = 0;
  while (packet.size - offset > length_size) {
    std::int64_t length = 0;
    for (int i = 0; i < length_size; ++i)
      length = length << 8 | packet.data[offset++];
    if (length == 0 || length > packet.size - offset) return std::nullopt;
    const int type =
        h264 ? packet.data[offset] & 31 : packet.data[offset] >> 1 & 63;
    if (h264 ? type >= 1 && type <= 5 : type < 32) {
      any_slice = true;
      // An instantaneous refresh; of H.265 any random access point: what is
      // shown after one never reaches behind it.
      if (h264 ? type != 5 : type < 16 || type > 21) keyframe.closed = false;
    } else if (h264 ? type == 7 || type == 8 : type >= 32 && type <= 34) {
      keyframe.parameters = true;
    }
    offset += static_cast<int>(length);
  }
  if (offset != packet.size) return std::nullopt;
  keyframe.closed = keyframe.closed && any_slice;
  return keyframe;
}

std::optional<Keyframe> Parse(const AVCodecParameters& codec,
                              const AVPacket& packet) {
  switch (codec.codec_id) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
      return ParseUnits(codec, packet);
    case AV_CODEC_ID_VP8:
      return Keyframe{packet.size > 0 && (packet.data[0] & 1) == 0, false};
    case AV_CODEC_ID_VP9:
      return Keyframe{true, false};
    default:
      return std::nullopt;
  }
}

bool HoldsNewParameters(const AVPacket& packet) {
  return av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr) !=
             nullptr ||
         av_packet_get_side_data(&packet, AV_PKT_DATA_PARAM_CHANGE, nullptr) !=
             nullptr;
}

// The times of a stream's packets in the order of the file, as far as they are
// as a sound file's.
struct Packets {
  std::vector<std::int64_t> shown;      // pts
  std::vector<std::int64_t> decoded;    // dts, or AV_NOPTS_VALUE
  std::vector<std::int64_t> keyframes;  // pts
};

// Those up to the first `kDeepest` after `start`. None if one is not as
// FindSeekPoint needs it.
std::optional<Packets> ReadPackets(AVFormatContext* format,
                                   const AVStream& stream, std::int64_t start) {
  Packets packets;
  std::optional<bool> parameters;
  std::size_t after = 0;
  const LibavHandle<AVPacket> packet(av_packet_alloc());
  while (after < kDeepest && NextPacket(format, packet.get()) >= 0) {
    if (packet->stream_index != stream.index) {
      av_packet_unref(packet.get());
      continue;
    }
    if (packet->pts == AV_NOPTS_VALUE ||
        packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT) ||
        HoldsNewParameters(*packet)) {
      return std::nullopt;
    }
    const std::optional<Keyframe> parsed = Parse(*stream.codecpar, *packet);
    if (!parsed) return std::nullopt;
    if (packet->flags & AV_PKT_FLAG_KEY) {
      if (!parsed->closed ||
          parameters.value_or(parsed->parameters) != parsed->parameters)
        return std::nullopt;
      parameters = parsed->parameters;
      packets.keyframes.push_back(packet->pts);
    } else if (parsed->parameters) {
      return std::nullopt;
    }
    packets.shown.push_back(packet->pts);
    packets.decoded.push_back(packet->dts);
    if (packet->pts >= start) ++after;
    av_packet_unref(packet.get());
  }
  return packets;
}

// Whether the pictures are decoded `delay` pictures ahead and no more: then it
// makes no difference by which of both times a picture is told, and a decoder
// never finds out on the way that it must wait for longer.
bool AreInStep(const Packets& packets, const std::vector<std::int64_t>& sorted,
               std::size_t delay) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] == sorted[i - 1]) return false;
  }
  for (std::size_t i = delay; i < sorted.size(); ++i) {
    // Matroska tells no time of decoding for the first few. The last few stand
    // before some that were not read.
    if (i + kDeepest < sorted.size() && packets.decoded[i] != sorted[i - delay])
      return false;
  }
  return true;
}

}  // namespace

std::optional<SeekPoint> FindSeekPoint(const std::string& path, Time start,
                                       std::size_t lead) {
  const FormatHandle format = OpenFormat(path);
  const AVStream* stream = FindPictures(*format);
  if (stream == nullptr || stream->start_time == AV_NOPTS_VALUE ||
      !IsTrueSeekingFormat(format->iformat->name))
    return std::nullopt;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (format->streams[i] != stream)
      format->streams[i]->discard = AVDISCARD_ALL;
  }
  const auto time_of = [&](std::int64_t pts) {
    // In double, as OpenCV counts.
    return Time(std::llround(static_cast<double>(pts - stream->start_time) *
                             av_q2d(stream->time_base) * 1e6));
  };
  const std::int64_t first_after =
      stream->start_time +
      av_rescale_q(start.count(), AVRational{1, 1000000}, stream->time_base);

  const std::optional<Packets> packets =
      ReadPackets(format.get(), *stream, first_after);
  if (!packets) return std::nullopt;
  std::vector<std::int64_t> sorted = packets->shown;
  std::sort(sorted.begin(), sorted.end());
  if (!AreInStep(*packets, sorted,
                 static_cast<std::size_t>(stream->codecpar->video_delay)))
    return std::nullopt;

  // A clock that has read all before is right, too.
  if (sorted.empty() || sorted.front() != stream->start_time)
    return std::nullopt;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (time_of(sorted[i]) - time_of(sorted[i - 1]) >= kLongestStill)
      return std::nullopt;
  }

  const auto end =
      std::find_if(sorted.begin(), sorted.end(),
                   [&](std::int64_t pts) { return time_of(pts) >= start; });
  for (std::size_t i = packets->keyframes.size(); i-- > 1;) {
    const auto keyframe =
        std::lower_bound(sorted.begin(), sorted.end(), packets->keyframes[i]);
    if (end - keyframe < static_cast<std::ptrdiff_t>(lead) || keyframe >= end)
      continue;
    SeekPoint point;
    std::transform(keyframe, end, std::back_inserter(point.frames), time_of);
    return point;
  }
  return std::nullopt;
}

}  // namespace vsa
