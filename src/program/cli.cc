#include "program/cli.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "program/commands.h"
#include "vsa/error.h"

#ifndef VSA_VERSION
#error "VSA_VERSION is defined by CMake"
#endif

namespace vsa {

const char kVersion[] = VSA_VERSION;

namespace {

// "classify, batch or report"
std::string NamesOfCommands() {
  std::string names;
  std::size_t left = std::size(kCommands);
  for (const auto command : kCommands) {
    names += command().name;
    --left;
    if (left > 0) names += left > 1 ? ", " : " or ";
  }
  return names;
}

std::string TextOfExitCodes() {
  std::string text = "Exit codes:\n";
  for (const auto& [code, meaning] : kExitCodes) {
    std::string line = "  " + std::to_string(code);
    line.resize(30, ' ');
    text += line + meaning + "\n";
  }
  return text;
}

}  // namespace

std::vector<AddedCommand> AddCommandLine(CLI::App* app, CommonOptions* common) {
  app->name("vsa");
  app->description("Sentiment of what is said and shown in a video.");
  app->set_version_flag("--version", "vsa " VSA_VERSION);
  app->require_subcommand(1);
  app->fallthrough();
  AddCommonOptions(app, common);
  std::vector<AddedCommand> commands;
  for (const auto make : kCommands) {
    const Command command = make();
    CLI::App* const part = app->add_subcommand(command.name, command.help);
    commands.push_back({part, command.add(part)});
  }
  app->footer(TextOfExitCodes());  // of commands, too, had it come before them
  return commands;
}

ParsedCommandLine ParseCommandLine(int argc, char** argv) {
  ParsedCommandLine parsed;
  CLI::App app;
  std::vector<AddedCommand> commands = AddCommandLine(&app, &parsed.common);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    parsed.text = app.help();
    return parsed;
  } catch (const CLI::CallForVersion&) {
    parsed.text = "vsa " VSA_VERSION "\n";
    return parsed;
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty()) {
      throw Error(ErrorKind::kUsage, unknown.front() +
                                         ": is no command of vsa; expected " +
                                         NamesOfCommands());
    }
    throw Error(ErrorKind::kUsage,
                std::string(error.what()) + " (see vsa --help)");
  }
  for (AddedCommand& command : commands) {
    if (command.options->parsed()) parsed.run = std::move(command.run);
  }
  return parsed;
}

}  // namespace vsa
