#include "backends/media/probe_libav.h"

#include <cmath>

#include "backends/media/open_libav.h"
#include "video/sampling.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
}

namespace vsa {
namespace {

// Headers hold garbage where a writer did not know better: beyond this and
// kLongestVideo a figure counts as not declared, and so does a rate at which a
// picture is shown for longer than kLongestStill. Rates of 1000 and more are
// time bases.
constexpr double kFastestFrameRate = 500;

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::kInput, path + ": " + what);
}

bool HasSound(const AVFormatContext& format) {
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    if (format.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
      return true;
  }
  return false;
}

std::optional<Time> SaneTime(std::int64_t value, AVRational time_base) {
  if (value == AV_NOPTS_VALUE || value <= 0) return std::nullopt;
  const double seconds = static_cast<double>(value) * av_q2d(time_base);
  if (!(seconds > 0 &&
        seconds < std::chrono::duration<double>(kLongestVideo).count()))
    return std::nullopt;
  return Time(std::llround(seconds * 1e6));
}

std::optional<double> SaneRate(AVRational rate) {
  if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > kFastestFrameRate ||
      1 / av_q2d(rate) > std::chrono::duration<double>(kLongestStill).count())
    return std::nullopt;
  return av_q2d(rate);
}

// Null if the stream has none. FFmpeg 6.1 moved it.
const std::uint8_t* DisplayMatrix(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)
  const AVPacketSideData* data = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
      AV_PKT_DATA_DISPLAYMATRIX);
  return data == nullptr ? nullptr : data->data;
#else
  return av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
}

int Rotation(const AVStream& stream) {
  const std::uint8_t* matrix = DisplayMatrix(stream);
  if (matrix == nullptr) return 0;
  const double degrees =
      av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
  if (std::isnan(degrees)) return 0;
  const int quarters = static_cast<int>(std::lround(-degrees / 90));
  return ((quarters % 4) + 4) % 4 * 90;
}

// Subtitles count from the start of the whole file, not from that of the
// pictures.
Time Start(const AVFormatContext& format, const AVStream& stream) {
  if (stream.start_time == AV_NOPTS_VALUE ||
      format.start_time == AV_NOPTS_VALUE)
    return Time(0);
  const double seconds =
      static_cast<double>(stream.start_time) * av_q2d(stream.time_base) -
      static_cast<double>(format.start_time) / AV_TIME_BASE;
  if (!(seconds > 0 && seconds < 3600)) return Time(0);
  return Time(std::llround(seconds * 1e6));
}

}  // namespace

VideoProbe ProbeFormat(const AVFormatContext& format, const std::string& path) {
  const AVStream* stream = FindPictures(format);
  VideoProbe probe;
  probe.sound = HasSound(format);
  if (stream == nullptr)
    Fail(path, probe.sound ? "holds sound but no pictures; expected a video"
                           : "holds no pictures; expected a video");

  const AVCodecParameters& codec = *stream->codecpar;
  probe.container = format.iformat->name;
  probe.codec = avcodec_get_name(codec.codec_id);
  probe.rotation = Rotation(*stream);
  const bool turned = probe.rotation % 180 != 0;
  probe.width = turned ? codec.height : codec.width;
  probe.height = turned ? codec.width : codec.height;
  probe.frame_rate = SaneRate(stream->avg_frame_rate);
  if (!probe.frame_rate) probe.frame_rate = SaneRate(stream->r_frame_rate);
  probe.duration = SaneTime(format.duration, AVRational{1, AV_TIME_BASE});
  probe.picture_length = SaneTime(stream->duration, stream->time_base);
  probe.too_long =
      stream->duration > 0 &&
      static_cast<double>(stream->duration) * av_q2d(stream->time_base) >=
          std::chrono::duration<double>(kLongestVideo).count();
  if (!probe.duration) probe.duration = probe.picture_length;
  if (stream->nb_frames > 0) probe.frames = stream->nb_frames;
  probe.start = Start(format, *stream);
  return probe;
}

VideoProbe ProbeVideo(const std::string& path) {
  return ProbeFormat(*OpenFormat(path), path);
}

}  // namespace vsa
