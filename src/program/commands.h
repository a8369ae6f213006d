// The commands of vsa, each in command_NAME.cc.
#ifndef VSA_PROGRAM_COMMANDS_H_
#define VSA_PROGRAM_COMMANDS_H_

#include "program/command.h"

namespace vsa {

Command ClassifyCommand();
Command BatchCommand();
Command EvaluateCommand();
Command ExtractCommand();
Command InspectCommand();
Command ReportCommand();
Command TokenizeCommand();
Command TranscribeCommand();

// In the order of --help.
constexpr Command (*kCommands[])() = {
    ClassifyCommand, TranscribeCommand, BatchCommand,  EvaluateCommand,
    ExtractCommand,  InspectCommand,    ReportCommand, TokenizeCommand};

}  // namespace vsa

#endif  // VSA_PROGRAM_COMMANDS_H_
