#include "program/describe/completions.h"

namespace vsa {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// A `complete` a line; `start` is what all of them begin with.
std::string Options(const std::vector<OptionRow>& options,
                    const std::string& start) {
  std::string text;
  for (const OptionRow& option : options) {
    text += start;
    for (const std::string& name : option.names)
      text +=
          name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty()) {
      std::vector<std::string> offers = option.choices;
      if (option.offer == Offer::kFolders)
        offers.push_back("(__fish_complete_directories)");
      text += option.offer == Offer::kFiles ? " -r -F" : " -x";
      if (!offers.empty()) text += " -a " + Quoted(Joined(offers, " "));
    }
    text += " -d " + Quoted(option.help) + "\n";
  }
  return text;
}

}  // namespace

std::string FishCompletion(const OptionTable& table) {
  std::string text =
      "# Completion of vsa in fish. " + WrittenBy() + "complete -c vsa -f\n";
  for (const CommandRow& command : table.commands) {
    text += "complete -c vsa -n __fish_use_subcommand -a " + command.name +
            " -d " + Quoted(command.help) + "\n";
  }
  text += Options(table.options, "complete -c vsa");
  for (const CommandRow& command : table.commands) {
    const std::string start =
        "complete -c vsa -n '__fish_seen_subcommand_from " + command.name + "'";
    text += start + " -F\n" + Options(command.options, start);
  }
  return text;
}

}  // namespace vsa
