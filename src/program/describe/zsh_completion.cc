#include "program/describe/completions.h"

namespace vsa {
namespace {

// Within '...', where [ ] and : mean something to _arguments.
std::string Quoted(const std::string& text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

// ":FILE:_files"
std::string Value(const OptionRow& option) {
  const std::string words = "(" + Joined(option.choices, " ") + ")";
  std::string action = " ";
  if (option.offer == Offer::kFiles) {
    action = "_files";
  } else if (option.offer == Offer::kFolders && option.choices.empty()) {
    action = "_path_files -/";
  } else if (option.offer == Offer::kFolders) {
    action = "_alternative \"words\\:word\\:" + words +
             "\" \"folders\\:folder\\:_path_files -/\"";
  } else if (!option.choices.empty()) {
    action = words;
  }
  return ":" + Quoted(option.value) + ":" + action;
}

// The lines of _arguments that say what options there are.
std::string Options(const std::vector<OptionRow>& options,
                    const std::string& indent) {
  std::string text;
  for (const OptionRow& option : options) {
    for (const std::string& name : option.names) {
      std::vector<std::string> others = option.excludes;
      if (!option.several)
        others.insert(others.end(), option.names.begin(), option.names.end());
      text += indent + "'(" + Joined(others, " ") + ")" +
              (option.several ? "*" : "") + name;
      // "=": its value may be behind one.
      text += (option.value.empty() ? "[" : "=[") + Quoted(option.help) + "]";
      text += (option.value.empty() ? "" : Value(option)) + "' \\\n";
    }
  }
  return text;
}

}  // namespace

std::string ZshCompletion(const OptionTable& table) {
  std::string text = "#compdef vsa\n# Completion of vsa in zsh. " +
                     WrittenBy() +
                     R"(_vsa() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a common=(
)";
  std::string common = Options(table.options, "    ");
  for (std::size_t at; (at = common.find(" \\\n")) != common.npos;)
    common.erase(at, 2);
  text += common + R"(  )
  local -a commands=(
)";
  for (const CommandRow& command : table.commands)
    text += "    '" + command.name + ":" + Quoted(command.help) + "'\n";
  text += R"(  )
  _arguments -C $common '1: :->command' '*:: :->rest' && return
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
)";
  for (const CommandRow& command : table.commands) {
    text += "        " + command.name + ")\n          _arguments $common \\\n" +
            Options(command.options, "            ");
    for (const OptionRow& argument : command.arguments) {
      text += std::string("            '") + (argument.several ? "*" : "1") +
              Value(argument) + "'\n";
    }
    text += "          ;;\n";
  }
  return text + R"(      esac
      ;;
  esac
}
_vsa "$@"
)";
}

}  // namespace vsa
