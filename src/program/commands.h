// The commands of vsa, each in command_NAME.cc: they put together what is
// behind the seams, and return the exit code.
#ifndef VSA_PROGRAM_COMMANDS_H_
#define VSA_PROGRAM_COMMANDS_H_

#include "program/cli.h"

namespace vsa {

constexpr int kExitFailedItem = 1;
constexpr int kExitUsage = 2;
constexpr int kExitSetup = 3;
constexpr int kExitNotMet = 4;
constexpr int kExitInterrupted = 130;

// All throw Error where nothing, or nothing more, can be done.
int ClassifyCommand(const Options& options);
int BatchCommand(const Options& options);
int EvaluateCommand(const Options& options);
int ExtractCommand(const Options& options);
int InspectCommand(const Options& options);
int ReportCommand(const Options& options);
int TokenizeCommand(const Options& options);

}  // namespace vsa

#endif  // VSA_PROGRAM_COMMANDS_H_
