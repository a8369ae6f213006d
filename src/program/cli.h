// The command line: which command with which values.
#ifndef VSA_PROGRAM_CLI_H_
#define VSA_PROGRAM_CLI_H_

#include <optional>
#include <string>
#include <vector>

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

struct ExitCode {
  int code;
  const char* meaning;
};

// What --help says of them.
constexpr ExitCode kExitCodes[] = {
    {0, "Done"},
    {kExitFailedItem,
     "A video, or its subtitles, cannot be used; of several at least one, the "
     "others are done"},
    {kExitUsage, "A wrong option, value, manifest or table; nothing was run"},
    {kExitSetup,
     "Set-up failed: the model, or an output that cannot be written or is in "
     "use"},
    {kExitNotMet, "What evaluate --require asks for is not met"},
    {kExitInterrupted, "Interrupted; what was done is kept"},
};

struct AddedCommand {
  CLI::App* options;  // the command's part of the command line
  Command::Run run;
};

// Makes of `app` the command line of vsa, in the order of --help; what is
// parsed of the options that all commands take goes to `common`, which outlives
// `app`.
std::vector<AddedCommand> AddCommandLine(CLI::App* app, CommonOptions* common);

// Throws Error (kUsage) for anything that is not as --help says.
ParsedCommandLine ParseCommandLine(int argc, char** argv);

}  // namespace vsa

#endif  // VSA_PROGRAM_CLI_H_
