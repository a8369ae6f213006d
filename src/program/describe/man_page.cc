#include "program/describe/man_page.h"

#include <algorithm>
#include <cctype>

#include "program/cli.h"

#ifndef VSA_DATE
#error "VSA_DATE is defined by CMake"
#endif

namespace vsa {
namespace {

// No character of it means anything to man.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '-')
      escaped += "\\-";
    else if (c == '\\')
      escaped += "\\e";
    else
      escaped += c;
  }
  return escaped;
}

std::string Bold(const std::string& text) {
  return "\\fB" + Escaped(text) + "\\fR";
}

std::string Italic(const std::string& text) {
  return "\\fI" + Escaped(text) + "\\fR";
}

// A paragraph in lines of at most 78 characters, as mandoc wants them. A line
// that began with a dot would be a command.
std::string Paragraph(const std::string& text) {
  constexpr std::size_t kLongest = 78;
  std::string lines, line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    std::string word = Escaped(text.substr(at, space - at));
    at = space + 1;
    if (!line.empty() && line.size() + 1 + word.size() > kLongest) {
      lines += line + "\n";
      line.clear();
    }
    if (line.empty() && (word[0] == '.' || word[0] == '\''))
      word.insert(0, "\\&");
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + line + "\n";
}

std::string Head(const std::string& name, const std::string& help) {
  std::string title = name;
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return ".\\\" " + WrittenBy() + ".TH " + title + " 1 " VSA_DATE " \"vsa " +
         kVersion +
         "\" \"vsa\"\n"
         ".SH NAME\n" +
         Paragraph(name + " - " +
                   help.substr(0, help.size() - (help.back() == '.'))) +
         ".SH SYNOPSIS\n";
}

// "every|keyframes", "FILE"
std::string Value(const OptionRow& option) {
  if (option.choices.empty() || option.offer != Offer::kNothing)
    return Italic(option.value);
  std::vector<std::string> choices;
  for (const std::string& choice : option.choices)
    choices.push_back(Bold(choice));
  return Joined(choices, "|");
}

std::string Options(const std::vector<OptionRow>& options) {
  std::string text;
  for (const OptionRow& option : options) {
    std::vector<std::string> names;
    for (const std::string& name : option.names) names.push_back(Bold(name));
    std::string value = option.value.empty() ? "" : Value(option);
    if (!names.empty() && !value.empty()) value.insert(0, " ");
    text += ".TP\n" + Joined(names, ", ") + value + "\n";
    std::string help = option.help;
    if (help.back() != '.') help += '.';
    if (!option.needs.empty())
      help += " Only with " + Joined(option.needs, ", ") + '.';
    if (!option.excludes.empty())
      help += " Not with " + Joined(option.excludes, ", ") + '.';
    text += Paragraph(help);
  }
  return text;
}

// "vsa report --output FILE.html [OPTION]... RESULTS.jsonl"
std::string Synopsis(const CommandRow& command) {
  std::string text = Bold("vsa") + " " + Bold(command.name);
  for (const OptionRow& option : command.options) {
    if (option.required)
      text += " " + Bold(option.names.back()) + " " + Value(option);
  }
  text += " [" + Italic("OPTION") + "]...";
  for (const OptionRow& argument : command.arguments) {
    std::string value = Italic(argument.value);
    if (!argument.required) value = "[" + value + "]";
    text += " " + value + (argument.several ? "..." : "");
  }
  return text + "\n";
}

std::string SeeAlso(const std::vector<std::string>& names) {
  std::string text = ".SH SEE ALSO\n";
  for (const std::string& name : names) {
    text +=
        ".BR " + Escaped(name) + " (1)" + (name == names.back() ? "\n" : ",\n");
  }
  return text;
}

}  // namespace

std::string ManPage(const OptionTable& table) {
  std::string text = Head("vsa", table.help);
  text += Bold("vsa") + " [" + Italic("OPTION") + "]... " + Italic("COMMAND") +
          " ...\n.SH COMMANDS\n";
  std::vector<std::string> pages;
  for (const CommandRow& command : table.commands) {
    text += ".TP\n" + Bold(command.name) + "\n" + Paragraph(command.help + ".");
    pages.push_back("vsa-" + command.name);
  }
  text +=
      ".SH OPTIONS\nThose that every command takes, before or after its "
      "name.\n" +
      Options(table.options) + ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitCodes)
    text += ".TP\n" + Bold(std::to_string(code)) + "\n" +
            Paragraph(std::string(meaning) + ".");
  return text + SeeAlso(pages);
}

std::string ManPage(const OptionTable& table, const CommandRow& command) {
  return Head("vsa-" + command.name, command.help) + Synopsis(command) +
         ".SH ARGUMENTS\n" + Options(command.arguments) + ".SH OPTIONS\n" +
         Options(command.options) + ".SH OPTIONS OF EVERY COMMAND\n" +
         Options(table.options) + ".SH EXIT STATUS\nSee\n.BR vsa (1).\n" +
         SeeAlso({"vsa"});
}

}  // namespace vsa
