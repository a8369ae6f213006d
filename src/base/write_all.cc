#include "base/write_all.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "vsa/error.h"

namespace vsa {

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(descriptor, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd until{descriptor, POLLOUT, 0};
      if (poll(&until, 1, -1) < 0 && errno != EINTR) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void FailToWrite(const std::string& name, int reason) {
  throw Error(ErrorKind::kSetup,
              name + ": cannot be written: " + std::strerror(reason));
}

}  // namespace vsa
