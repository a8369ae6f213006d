// NumPy's .npy (format 1.0), written row by row as the rows come.
#ifndef VSA_BASE_NPY_FILE_H_
#define VSA_BASE_NPY_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "base/open_file.h"

namespace vsa {

// What np.load reads as float32 [rows, width]. Not safe to share between
// threads.
class NpyFile {
 public:
  // Makes the file, or empties one. This and Add throw Error (kSetup) if it
  // cannot be written.
  NpyFile(const std::string& path, std::size_t width);

  // Rows of `width` figures. When it returns the file is whole, with all rows
  // so far, but not synced to the disk.
  void Add(const std::vector<std::vector<float>>& rows);

  std::size_t rows() const { return rows_; }

 private:
  const std::string path_;
  const std::size_t width_;
  OpenFile file_;
  std::size_t rows_ = 0;
};

}  // namespace vsa

#endif  // VSA_BASE_NPY_FILE_H_
