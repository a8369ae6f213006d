// The command line: which command with which values.
#ifndef VSA_PROGRAM_CLI_H_
#define VSA_PROGRAM_CLI_H_

#include <optional>
#include <string>

#include "program/command.h"

namespace vsa {

// "0.1.0"
extern const char kVersion[];

// What to do: `run` with `common`, or, for --help and --version, print `text`
// to stdout and exit with 0.
struct ParsedCommandLine {
  CommonOptions common;
  Command::Run run;
  std::optional<std::string> text;
};

// Throws Error (kUsage) for anything that is not as --help says.
ParsedCommandLine ParseCommandLine(int argc, char** argv);

}  // namespace vsa

#endif  // VSA_PROGRAM_CLI_H_
