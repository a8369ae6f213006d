#include "backends/media/open_libav.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "vsa/error.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace vsa {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::kInput, path + ": " + what);
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
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    Fail(path, std::string("cannot be read: ") + std::strerror(errno) +
                   "; expected a video");
  close(file);
  if (status.st_size == 0) Fail(path, "is empty; expected a video");
}

}  // namespace

void CloseFormat::operator()(AVFormatContext* format) const {
  avformat_close_input(&format);
}

FormatHandle OpenFormat(const std::string& path) {
  CheckFile(path);
  AVFormatContext* format = nullptr;
  // "file:" keeps names such as "http://x" or "concat:a" from being taken for
  // anything but files.
  const bool opened = avformat_open_input(&format, ("file:" + path).c_str(),
                                          nullptr, nullptr) == 0;
  FormatHandle handle(format);
  // "tty" draws any text file that is named .txt as pictures.
  if (!opened || std::strcmp(format->iformat->name, "tty") == 0 ||
      avformat_find_stream_info(format, nullptr) < 0) {
    Fail(path,
         "is no video, or one that is damaged or cut short; expected MP4, MKV, "
         "WebM, AVI or the like");
  }
  return handle;
}

AVStream* FindPictures(const AVFormatContext& format) {
  for (unsigned i = 0; i < format.nb_streams; ++i) {
    AVStream* stream = format.streams[i];
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
        !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC)) {
      return stream;
    }
  }
  return nullptr;
}

}  // namespace vsa
