// The options that every command takes.
#ifndef VSA_PROGRAM_COMMON_OPTIONS_H_
#define VSA_PROGRAM_COMMON_OPTIONS_H_

#include <string>

namespace CLI {
class App;
}

namespace vsa {

struct CommonOptions {
  std::string model;  // a bundle's folder or name, or "auto"; empty: not said
  int threads =
      0;  // all threads of the run together; 0: the cores this process may use
  std::string dtype = "auto";       // "auto", "fp32" or "bf16"
  std::string log_level = "error";  // of stderr, as spdlog names them
  bool quiet = false;               // no progress on stderr
};

void AddCommonOptions(CLI::App* app, CommonOptions* options);

}  // namespace vsa

#endif  // VSA_PROGRAM_COMMON_OPTIONS_H_
