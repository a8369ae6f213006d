// Opens a media file with FFmpeg, and says in one line why it cannot.
#ifndef VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_
#define VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_

#include <memory>
#include <string>

struct AVFormatContext;
struct AVPacket;
struct AVStream;

namespace vsa {

struct CloseFormat {
  void operator()(AVFormatContext* format) const;
};
using FormatHandle = std::unique_ptr<AVFormatContext, CloseFormat>;

// A local file, whatever its name looks like, with its streams known. It opens
// no other file: lists of files are refused. Throws Error (kInput) that says
// whether it is missing, no file, unreadable, empty, a list or no video.
FormatHandle OpenFormat(const std::string& path);

// As av_read_frame, but that Error (kInput) is thrown where the file cannot be
// read any further, which is no end of it.
int NextPacket(AVFormatContext* format, AVPacket* packet);

// The stream of moving pictures that is shown: the one marked as the default,
// else the largest, of equals the first. Covers and thumbnails are none. Null
// if there is none.
AVStream* FindPictures(const AVFormatContext& format);

// Whether a packet of sound is none, but says how what follows is packed, as it
// stands between streams of Ogg that were joined.
bool IsHeader(const AVPacket& packet, const AVStream& stream);

// What the file says of a stream, as its "title"; empty if nothing.
std::string Tag(const AVStream& stream, const char* name);

// Its language as the file names it; empty if it does not.
std::string LanguageTag(const AVStream& stream);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_OPEN_LIBAV_H_
