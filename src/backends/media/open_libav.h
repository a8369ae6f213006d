// Opens a media file with FFmpeg, and says in one line why it cannot.
#ifndef VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_
#define VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_

#include <memory>
#include <string>

struct AVFormatContext;
struct AVStream;

namespace vsa {

struct CloseFormat {
  void operator()(AVFormatContext* format) const;
};
using FormatHandle = std::unique_ptr<AVFormatContext, CloseFormat>;

// A local file, whatever its name looks like, with its streams known. Throws
// Error (kInput) that says whether it is missing, no file, unreadable, empty or
// no video.
FormatHandle OpenFormat(const std::string& path);

// The first stream of moving pictures (the cover of a piece of music is none),
// or null.
AVStream* FindPictures(const AVFormatContext& format);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_
