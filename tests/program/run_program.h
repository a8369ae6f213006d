// Runs the built program as a user would, and keeps all it says.
#ifndef VSA_TESTS_PROGRAM_RUN_PROGRAM_H_
#define VSA_TESTS_PROGRAM_RUN_PROGRAM_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace vsa {

struct Outcome {
  int exit_code = -1;  // 128 + signal if one ended it
  std::string out;
  std::string err;
};

// The program while it runs, or a copy of it. `classify` and `batch` with
// neither --transcribe nor --speech get --transcribe never.
class RunningProgram {
 public:
  explicit RunningProgram(const std::vector<std::string>& arguments,
                          const std::string& input = "",
                          const std::vector<std::string>& environment = {},
                          const std::string& program = VSA_PROGRAM);
  // Kills it if nobody waited for it.
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  void Signal(int signal) const;
  bool HasEnded();
  Outcome Wait();

 private:
  std::string folder_;  // of its stdin, stdout and stderr
  pid_t child_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

// What `inspect`, `tokenize` and `batch --dry-run` print is held to its schema
// whatever a test looks for. `input` goes to stdin; `environment` holds
// NAME=VALUE to add. A run of over two minutes is killed: it hangs.
Outcome RunProgram(const std::vector<std::string>& arguments,
                   const std::string& input = "",
                   const std::vector<std::string>& environment = {},
                   const std::string& program = VSA_PROGRAM);

// The processes that one has started and that have not ended.
std::vector<pid_t> ChildrenOf(pid_t process);

}  // namespace vsa

#endif  // VSA_TESTS_PROGRAM_RUN_PROGRAM_H_
