// Scripts by which shells complete a command line of vsa.
#ifndef VSA_PROGRAM_DESCRIBE_COMPLETIONS_H_
#define VSA_PROGRAM_DESCRIBE_COMPLETIONS_H_

#include <string>

#include "program/describe/option_table.h"

namespace vsa {

std::string BashCompletion(const OptionTable& table);
std::string ZshCompletion(const OptionTable& table);
std::string FishCompletion(const OptionTable& table);

}  // namespace vsa

#endif  // VSA_PROGRAM_DESCRIBE_COMPLETIONS_H_
