#include "backends/media/open_libav.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <tuple>

#include "vsa/error.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace vsa {
namespace {

// Keeps names such as "http://x" or "concat:a" from being taken for anything
// but files.
constexpr std::string_view kFile = "file:";

std::string UrlOf(const std::string& path) { return std::string(kFile) + path; }

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::kInput, path + ": " + what);
}

// Throws where a read of `file` failed, which libav may take for the end.
void CheckWasRead(const AVIOContext* file, const std::string& path) {
  if (file->error < 0 && file->error != AVERROR_EOF)
    Fail(path, std::string("cannot be read: ") +
                   std::strerror(AVUNERROR(file->error)));
}

struct CloseFile {
  void operator()(AVIOContext* file) const { avio_close(file); }
};
using FileHandle = std::unique_ptr<AVIOContext, CloseFile>;

FileHandle OpenBytes(const std::string& path) {
  AVIOContext* file = nullptr;
  const int status = avio_open(&file, UrlOf(path).c_str(), AVIO_FLAG_READ);
  if (status < 0)
    Fail(path, std::string("cannot be read: ") +
                   std::strerror(AVUNERROR(status)) + "; expected a video");
  return FileHandle(file);
}

// What libav would not tell apart, or would wait on for ever (a pipe).
void CheckFile(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) Fail(path, "no such file; expected a video");
    Fail(path, std::string("cannot be read: ") + std::strerror(errno) +
                   "; expected a video");
  }
  if (S_ISDIR(status.st_mode)) Fail(path, "is a folder; expected a video file");
  if (!S_ISREG(status.st_mode))
    Fail(path, "is no regular file; expected a video file");
  if (status.st_size == 0) Fail(path, "is empty; expected a video");
}

}  // namespace

void CloseFormat::operator()(AVFormatContext* format) const {
  const FileHandle file(format->pb);
  avformat_close_input(&format);
}

namespace {

// Files that name other ones, and addresses, to be played.
bool IsList(const char* format) {
  constexpr const char* kLists[] = {
      "hls", "dash", "concat", "imf", "sdp", "webm_dash_manifest", "rtsp"};
  return std::any_of(
      std::begin(kLists), std::end(kLists),
      [format](const char* list) { return std::strcmp(format, list) == 0; });
}

bool StartsWith(const std::string& path, std::string_view start) {
  std::ifstream file(path, std::ios::binary);
  std::string head(start.size(), '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head == start;
}

// By the file's bytes and, where these do not tell, its `name`.
const AVInputFormat* FindFormat(const std::string& path,
                                const std::string& name) {
  const FileHandle file = OpenBytes(path);
  const AVInputFormat* format = nullptr;
  av_probe_input_buffer2(file.get(), &format, name.c_str(), nullptr, 0, 0);
  CheckWasRead(file.get(), path);
  return format;
}

// Null if libav knows none. Refuses lists before they are opened, which would
// open what they name.
const AVInputFormat* ProbeFormat(const std::string& path) {
  const AVInputFormat* format = FindFormat(path, path);
  // A name of pictures ("x.jpg", "x%d.jpg") would win over the bytes, or tie.
  if (format == nullptr || std::strcmp(format->name, "image2") == 0)
    format = FindFormat(path, "");
  const char* list = format != nullptr && IsList(format->name) ? format->name
                     : StartsWith(path, "#EXTM3U")             ? "m3u8"
                                                               : nullptr;
  if (list != nullptr) {
    Fail(path, std::string("is a list of other files (") + list +
                   "), which are not opened; expected one of them");
  }
  return format;
}

[[noreturn]] void FailAsNoVideo(const std::string& path) {
  Fail(path,
       "is no video, or one that is damaged or cut short; expected MP4, MKV, "
       "WebM, AVI or the like");
}

}  // namespace

FormatHandle OpenFormat(const std::string& path) {
  CheckFile(path);
  // A file opens no others: neither by the whitelist nor by a name with "%03d".
  const std::string url = UrlOf(path);
  // Not left to libav to find out again, which takes pictures by their names.
  const AVInputFormat* known = ProbeFormat(path);
  if (known == nullptr) FailAsNoVideo(path);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "file,pipe", 0);
  av_dict_set(&options, "pattern_type", "none", 0);
  // Not opened by libav, which would close it with what it knows of an error.
  FileHandle file = OpenBytes(path);
  AVFormatContext* format = avformat_alloc_context();
  format->pb = file.get();
  const bool opened =
      avformat_open_input(&format, url.c_str(), known, &options) == 0;
  av_dict_free(&options);
  if (!opened) {
    CheckWasRead(file.get(), path);
    FailAsNoVideo(path);
  }
  (void)file.release();  // which is now the handle's
  FormatHandle handle(format);
  // Lengths are found out here, too.
  const bool known_streams = avformat_find_stream_info(format, nullptr) >= 0;
  CheckWasRead(format->pb, path);
  // "tty" draws any text file that is named .txt as pictures.
  if (!known_streams || std::strcmp(format->iformat->name, "tty") == 0)
    FailAsNoVideo(path);
  // FFmpeg knows moving WebP by its beginning, but does not decode it.
  const AVStream* pictures = FindPictures(*format);
  if (pictures != nullptr && pictures->codecpar->width == 0 &&
      std::strcmp(format->iformat->name, "webp_pipe") == 0) {
    Fail(path,
         "is a moving WebP picture, which is not supported; expected MP4, MKV, "
         "WebM, AVI or the like");
  }
  return handle;
}

int NextPacket(AVFormatContext* format, AVPacket* packet) {
  const int status = av_read_frame(format, packet);
  if (status < 0) CheckWasRead(format->pb, format->url + kFile.size());
  return status;
}

AVStream* FindPictures(const AVFormatContext& format) {
  AVStream* best = nullptr;
  const auto rank = [](const AVStream& stream) {
    const AVCodecParameters& codec = *stream.codecpar;
    return std::make_tuple(
        stream.nb_frames != 1,  // it moves
        (stream.disposition & AV_DISPOSITION_DEFAULT) != 0,
        static_cast<std::int64_t>(codec.width) * codec.height);
  };
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream* stream = format.streams[i];
    constexpr int kNoVideo = AV_DISPOSITION_ATTACHED_PIC |
                             AV_DISPOSITION_TIMED_THUMBNAILS |
                             AV_DISPOSITION_STILL_IMAGE;
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
        (stream->disposition & kNoVideo) == 0 &&
        (best == nullptr || rank(*stream) > rank(*best))) {
      best = stream;
    }
  }
  return best;
}

bool IsHeader(const AVPacket& packet, const AVStream& stream) {
  constexpr std::string_view kOpus = "Opus";  // OpusHead, OpusTags
  return stream.codecpar->codec_id == AV_CODEC_ID_OPUS &&
         packet.size >= static_cast<int>(kOpus.size()) &&
         std::memcmp(packet.data, kOpus.data(), kOpus.size()) == 0;
}

std::string Tag(const AVStream& stream, const char* name) {
  const AVDictionaryEntry* entry =
      av_dict_get(stream.metadata, name, nullptr, 0);
  return entry == nullptr ? "" : entry->value;
}

std::string LanguageTag(const AVStream& stream) {
  const std::string language = Tag(stream, "language");
  return language == "und" ? "" : language;
}

}  // namespace vsa
