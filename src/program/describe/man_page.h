// Manual pages, in the language of man(7).
#ifndef VSA_PROGRAM_DESCRIBE_MAN_PAGE_H_
#define VSA_PROGRAM_DESCRIBE_MAN_PAGE_H_

#include <string>

#include "program/describe/option_table.h"

namespace vsa {

// vsa(1)
std::string ManPage(const OptionTable& table);

// Of one of its commands, as vsa-classify(1)
std::string ManPage(const OptionTable& table, const CommandRow& command);

}  // namespace vsa

#endif  // VSA_PROGRAM_DESCRIBE_MAN_PAGE_H_
