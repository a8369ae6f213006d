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

}  // namespace

ParsedCommandLine ParseCommandLine(int argc, char** argv) {
  ParsedCommandLine parsed;
  CLI::App app("Sentiment of what is said and shown in a video.", "vsa");
  app.set_version_flag("--version", "vsa " VSA_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  AddCommonOptions(&app, &parsed.common);
  std::vector<std::pair<const CLI::App*, Command::Run>> commands;
  for (const auto make : kCommands) {
    const Command command = make();
    CLI::App* const part = app.add_subcommand(command.name, command.help);
    commands.emplace_back(part, command.add(part));
  }
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
  for (auto& [part, run] : commands) {
    if (part->parsed()) parsed.run = std::move(run);
  }
  return parsed;
}

}  // namespace vsa
