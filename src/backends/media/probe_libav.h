// What a video file's headers declare, without decoding it.
#ifndef VSA_BACKENDS_MEDIA_PROBE_LIBAV_H_
#define VSA_BACKENDS_MEDIA_PROBE_LIBAV_H_

#include <string>

#include "video/probe.h"

struct AVFormatContext;

namespace vsa {

// Reads the headers of a local file, whatever its name looks like. Throws Error
// (kInput) that says whether the file is missing, no file, unreadable, empty,
// no video at all, or one without pictures and sound. Safe to call from several
// threads.
VideoProbe ProbeVideo(const std::string& path);

// The same of a file that is open (open_libav.h).
VideoProbe ProbeFormat(AVFormatContext* format, const std::string& path);

}  // namespace vsa

#endif  // VSA_BACKENDS_MEDIA_PROBE_LIBAV_H_
