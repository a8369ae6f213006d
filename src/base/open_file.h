// An open file, folder or end of a pipe that is closed with its owner.
#ifndef VSA_BASE_OPEN_FILE_H_
#define VSA_BASE_OPEN_FILE_H_

#include <unistd.h>

#include <utility>

namespace vsa {

class OpenFile {
 public:
  OpenFile() = default;
  // A descriptor as open() gives it; -1, which keeps errno, is none.
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~OpenFile() { Close(); }

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

  // False, with errno, if what was written may not be in the file.
  bool Close() {
    const int descriptor = std::exchange(descriptor_, -1);
    return descriptor < 0 || close(descriptor) == 0;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace vsa

#endif  // VSA_BASE_OPEN_FILE_H_
