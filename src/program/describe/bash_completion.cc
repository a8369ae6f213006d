#include "program/describe/completions.h"

namespace vsa {
namespace {

std::string Names(const std::vector<OptionRow>& options) {
  std::vector<std::string> names;
  for (const OptionRow& option : options) names.push_back(option.names.back());
  return Joined(names, " ");
}

// Lines of a `case` over the command and the option before the word. Files are
// left to readline, which knows about ~, quotes and blanks.
std::string Values(const std::string& command,
                   const std::vector<OptionRow>& options) {
  std::string text;
  for (const OptionRow& option : options) {
    if (option.value.empty()) continue;
    text += "    " + command + ":" + option.names.back() + ")";
    if (!option.choices.empty())
      text += " words='" + Joined(option.choices, " ") + "'";
    if (option.offer == Offer::kFiles) text += " compopt -o default";
    if (option.offer == Offer::kFolders)
      text += std::string(option.choices.empty() ? "" : ";") +
              " compopt -o plusdirs -o filenames";
    text += " ;;\n";
  }
  return text;
}

}  // namespace

std::string BashCompletion(const OptionTable& table) {
  std::vector<std::string> commands;
  for (const CommandRow& command : table.commands)
    commands.push_back(command.name);
  std::string text = "# Completion of vsa in bash. " + WrittenBy() +
                     R"(_vsa() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' options='' words='' i
  # --frames=every is three words.
  [[ $before != '=' ]] || before=${COMP_WORDS[COMP_CWORD - 2]}
  if [[ $word == '=' ]]; then before=${COMP_WORDS[COMP_CWORD - 1]} word=''; fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      )" + Joined(commands, " | ") +
                     R"() command=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $command:$before in
)" + Values("*", table.options);
  for (const CommandRow& command : table.commands) {
    text += Values(command.name, command.options) + "    " + command.name +
            ":*) options='" + Names(command.options) + " " +
            Names(table.options) + "' ;;\n";
  }
  return text + "    *) words='" + Joined(commands, " ") + " " +
         Names(table.options) + R"(' ;;
  esac
  if [[ -n $options && $word == -* ]]; then
    words=$options
  elif [[ -n $options ]]; then
    compopt -o default
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _vsa vsa
)";
}

}  // namespace vsa
