// The commands and options of vsa as plain values, read from its command line:
// what man pages and completions of shells are written from.
#ifndef VSA_PROGRAM_DESCRIBE_OPTION_TABLE_H_
#define VSA_PROGRAM_DESCRIBE_OPTION_TABLE_H_

#include <string>
#include <vector>

namespace vsa {

// What a shell offers for a value.
enum class Offer { kNothing, kFiles, kFolders };

struct OptionRow {
  std::vector<std::string> names;    // "-h", "--help"; none of an argument
  std::string value;                 // "FILE", "N|LANG"; empty: it takes none
  std::vector<std::string> choices;  // all that it may be; empty: not a list
  Offer offer = Offer::kNothing;     // beside `choices`
  bool required = false;
  bool several = false;               // an argument that may be repeated
  std::vector<std::string> excludes;  // long names of others, in their order
  std::vector<std::string> needs;
  std::string help;
};

struct CommandRow {
  std::string name;
  std::string help;
  std::vector<OptionRow> arguments;
  std::vector<OptionRow> options;  // its own
};

struct OptionTable {
  std::string help;
  std::vector<OptionRow> options;  // of every command
  std::vector<CommandRow> commands;
};

OptionTable ReadOptionTable();

// The words with `between` between them.
std::string Joined(const std::vector<std::string>& words,
                   const std::string& between);

// A sentence for the head of each file, with the end of its line.
std::string WrittenBy();

}  // namespace vsa

#endif  // VSA_PROGRAM_DESCRIBE_OPTION_TABLE_H_
