// Subtitle formats that are known and not read, so that their files are refused
// by name.
#ifndef VSA_SUBTITLE_UNREAD_FORMATS_H_
#define VSA_SUBTITLE_UNREAD_FORMATS_H_

#include <string>
#include <string_view>

namespace vsa {

// Throws Error (kInput) if a file that begins with `head`, its bytes as they
// are, is of a format of bytes or pictures. Those of text are in the registry.
void RefuseUnreadBytes(const std::string& path, std::string_view head);

}  // namespace vsa

#endif  // VSA_SUBTITLE_UNREAD_FORMATS_H_
