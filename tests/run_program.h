// Runs the built program as a user would, and keeps all it says.
#ifndef VSA_TESTS_RUN_PROGRAM_H_
#define VSA_TESTS_RUN_PROGRAM_H_

#include <string>
#include <vector>

namespace vsa {

struct Outcome {
  int exit_code = -1;  // 128 + signal if one ended it
  std::string out;
  std::string err;
};

// `input` goes to stdin; `environment` holds NAME=VALUE to add. A run of over
// two minutes is killed: it hangs.
Outcome RunProgram(const std::vector<std::string>& arguments,
                   const std::string& input = "",
                   const std::vector<std::string>& environment = {});

}  // namespace vsa

#endif  // VSA_TESTS_RUN_PROGRAM_H_
