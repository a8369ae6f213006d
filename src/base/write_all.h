// Bytes to an open file, pipe or terminal.
#ifndef VSA_BASE_WRITE_ALL_H_
#define VSA_BASE_WRITE_ALL_H_

#include <cerrno>
#include <string>
#include <string_view>

namespace vsa {

// Writes all of `bytes`, and waits for a full pipe whose writer does not block.
// False if they cannot all be written, with the reason in errno: a full disk, a
// file that may not grow further, a reader that is gone (with SIGXFSZ and
// SIGPIPE ignored, as vsa does). Part of them may then be written.
bool WriteAll(int descriptor, std::string_view bytes);

// Throws Error (kSetup): "NAME: cannot be written: " and what the errno means.
[[noreturn]] void FailToWrite(const std::string& name, int reason = errno);

}  // namespace vsa

#endif  // VSA_BASE_WRITE_ALL_H_
