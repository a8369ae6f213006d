// Where an output file lies.
#ifndef VSA_BASE_OUTPUT_PATH_H_
#define VSA_BASE_OUTPUT_PATH_H_

#include <string>

namespace vsa {

// Where a symbolic link leads to, be it there or not; else the path itself.
std::string TargetOf(const std::string& path);

}  // namespace vsa

#endif  // VSA_BASE_OUTPUT_PATH_H_
