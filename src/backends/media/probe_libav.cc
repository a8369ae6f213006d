#include "backends/media/probe_libav.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "backends/media/open_libav.h"
#include "video/cut_file.h"
#include "video/sampling.h"
#include "vsa/error.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/parseutils.h>
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

bool IsTooLong(std::int64_t value, AVRational time_base) {
  return value != AV_NOPTS_VALUE &&
         static_cast<double>(value) * av_q2d(time_base) >
             std::chrono::duration<double>(kLongestVideo).count();
}

std::optional<Time> ReadLengthBeforeCut(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(kCutFileStart, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? std::nullopt : LengthBeforeCut(start, size);
}

std::optional<double> SaneRate(AVRational rate) {
  constexpr double kSlowestFrameRate =
      1 / std::chrono::duration<double>(kLongestStill).count();
  if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > kFastestFrameRate ||
      av_q2d(rate) < kSlowestFrameRate) {
    return std::nullopt;
  }
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

// As FFmpeg shows the pictures: x is c0 x + c3 y, y is c1 x + c4 y.
PictureShape Shape(AVFormatContext* format, AVStream* stream) {
  PictureShape shape;
  const AVRational aspect =
      av_guess_sample_aspect_ratio(format, stream, nullptr);
  const double wide = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
  // Beyond it a figure counts as not declared; nobody sees less.
  constexpr double kWidest = 10, kSquare = 0.005;
  if (wide < kWidest && wide > 1 / kWidest && std::abs(wide - 1) > kSquare)
    shape.pixel_aspect = wide;
  const std::uint8_t* data = DisplayMatrix(*stream);
  if (data == nullptr) return shape;
  std::int32_t matrix[9];
  std::memcpy(matrix, data, sizeof matrix);
  const auto size = [&](int i) {
    return std::abs(static_cast<double>(matrix[i]));
  };
  shape.transposed = size(1) + size(3) > size(0) + size(4);
  shape.flipped_x = matrix[shape.transposed ? 3 : 0] < 0;
  shape.flipped_y = matrix[shape.transposed ? 1 : 4] < 0;
  return shape;
}

// Matroska declares how long all streams together are; of each alone the tag
// DURATION says where it ends. (Some write its length, which is less where it
// starts later.)
std::optional<Time> TaggedEnd(const AVFormatContext& format,
                              const AVStream& stream) {
  const AVDictionaryEntry* tag =
      av_dict_get(stream.metadata, "DURATION", nullptr, AV_DICT_IGNORE_SUFFIX);
  std::int64_t end = 0;
  if (tag == nullptr || av_parse_time(&end, tag->value, /*duration=*/1) < 0)
    return std::nullopt;
  return SaneTime(end - std::max<std::int64_t>(format.start_time, 0),
                  AVRational{1, AV_TIME_BASE});
}

// Where the pictures end as the file declares it of them, not of the whole.
std::optional<Time> PictureEnd(const AVFormatContext& format,
                               const AVStream& stream,
                               const VideoProbe& probe) {
  if (probe.container.find("matroska") != std::string::npos)
    return TaggedEnd(format, stream);
  // ASF's length of a stream is that of the file.
  if (!probe.picture_length || probe.estimated || probe.container == "asf")
    return std::nullopt;
  return probe.start + *probe.picture_length;
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

VideoProbe ProbeFormat(AVFormatContext* format, const std::string& path) {
  AVStream* stream = FindPictures(*format);
  VideoProbe probe;
  probe.sound = HasSound(*format);
  probe.pictures = stream != nullptr;
  if (!probe.pictures && !probe.sound)
    Fail(path, "holds no pictures; expected a video");
  probe.container = format->iformat->name;
  probe.duration = SaneTime(format->duration, AVRational{1, AV_TIME_BASE});
  probe.estimated =
      format->duration_estimation_method != AVFMT_DURATION_FROM_STREAM;
  // Matroska's counts from 0, wherever the first packet lies.
  if (probe.duration && format->start_time > 0 &&
      probe.container.find("matroska") != std::string::npos) {
    *probe.duration -= std::min(*probe.duration, Time(format->start_time));
  }
  if (!probe.pictures) return probe;

  const AVCodecParameters& codec = *stream->codecpar;
  probe.codec = avcodec_get_name(codec.codec_id);
  probe.shape = Shape(format, stream);
  probe.width = ShownWidth(codec.width, probe.shape.pixel_aspect);
  probe.height = codec.height;
  if (probe.shape.transposed) std::swap(probe.width, probe.height);
  probe.frame_rate = SaneRate(stream->avg_frame_rate);
  if (!probe.frame_rate) probe.frame_rate = SaneRate(stream->r_frame_rate);
  probe.picture_length = SaneTime(stream->duration, stream->time_base);
  probe.too_long = IsTooLong(format->duration, AVRational{1, AV_TIME_BASE}) ||
                   IsTooLong(stream->duration, stream->time_base);
  if (!probe.duration) probe.duration = probe.picture_length;
  if (stream->nb_frames > 0) probe.frames = stream->nb_frames;
  probe.start = Start(*format, *stream);
  if (const std::optional<Time> length = ReadLengthBeforeCut(path)) {
    probe.duration = length;
    probe.estimated = false;
  } else {
    probe.picture_end = PictureEnd(*format, *stream, probe);
  }
  return probe;
}

VideoProbe ProbeVideo(const std::string& path) {
  return ProbeFormat(OpenFormat(path).get(), path);
}

}  // namespace vsa
