// Where an output file lies, and its name until it is whole.
#ifndef VSA_BASE_OUTPUT_PATH_H_
#define VSA_BASE_OUTPUT_PATH_H_

#include <string>

namespace vsa {

// Where a symbolic link leads to, be it there or not; else the path itself.
std::string TargetOf(const std::string& path);

// What is written and then renamed to `path`: in the same folder, named like it
// with `ending`, or, where that is too long a name, by a hash of it.
std::string BesideOf(const std::string& path, const std::string& ending);

}  // namespace vsa

#endif  // VSA_BASE_OUTPUT_PATH_H_
