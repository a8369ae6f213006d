#include "base/npy_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/write_all.h"
#include "vsa/error.h"

namespace vsa {
namespace {

// All of the head. Whole, since the figures after it lie on 64 bytes then, and
// long enough for any count of rows.
constexpr std::size_t kHead = 128;

std::string Head(std::size_t rows, std::size_t width) {
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(kHead - 10);  // bytes that follow
  head += '\0';
  head += "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
          std::to_string(rows) + ", " + std::to_string(width) + "), }";
  head.resize(kHead - 1, ' ');
  return head + '\n';
}

}  // namespace

NpyFile::NpyFile(const std::string& path, std::size_t width)
    : path_(path),
      width_(width),
      file_(
          open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (!file_) FailToWrite(path);
}

void NpyFile::Add(const std::vector<std::vector<float>>& rows) {
  std::string bytes;  // of little-endian float32, as processors have them
  for (const std::vector<float>& row : rows)
    bytes.append(reinterpret_cast<const char*>(row.data()),
                 width_ * sizeof(float));
  const std::size_t end = kHead + rows_ * width_ * sizeof(float);
  rows_ += rows.size();
  const std::string head = Head(rows_, width_);
  if (lseek(file_.get(), static_cast<off_t>(end), SEEK_SET) < 0 ||
      !WriteAll(file_.get(), bytes) || lseek(file_.get(), 0, SEEK_SET) < 0 ||
      !WriteAll(file_.get(), head))
    FailToWrite(path_);
}

}  // namespace vsa
