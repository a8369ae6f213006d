// What goes to stderr.
#ifndef VSA_PROGRAM_LOG_H_
#define VSA_PROGRAM_LOG_H_

#include <string>

namespace vsa {

// From here on spdlog writes "vsa: …" to stderr, one line for each message of
// `level` ("off", "error", "info" or "debug") and above, whatever it holds.
void StartLog(const std::string& level);

}  // namespace vsa

#endif  // VSA_PROGRAM_LOG_H_
