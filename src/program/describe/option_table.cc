#include "program/describe/option_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <sstream>

#include "program/cli.h"

namespace vsa {
namespace {

std::string NameOf(const CLI::Option& option) {
  return "--" + option.get_lnames().front();
}

// "TYPE:{auto,fp32}" is how CLI11 names a value TYPE that is one of two.
std::vector<std::string> ChoicesOf(const std::string& type) {
  std::vector<std::string> choices;
  const std::size_t open = type.find(":{");
  if (open == type.npos) return choices;
  std::istringstream list(
      type.substr(open + 2, type.find('}', open) - open - 2));
  for (std::string choice; std::getline(list, choice, ',');)
    choices.push_back(choice);
  return choices;
}

Offer OfferOf(const std::string& value) {
  if (value == "DIR" || value == "DIR|auto") return Offer::kFolders;
  static const std::set<std::string> kFiles = {"FILE", "VIDEO", "MEDIA",
                                               "INPUT"};
  // "RESULTS.jsonl"
  const bool file = kFiles.count(value) > 0 || value.find('.') != value.npos;
  return file ? Offer::kFiles : Offer::kNothing;
}

// CLI11 holds these in the order of their addresses.
std::vector<std::string> NamesOf(const std::set<CLI::Option*>& wanted,
                                 const std::vector<const CLI::Option*>& all) {
  std::vector<std::string> names;
  for (const CLI::Option* option : all) {
    if (std::any_of(wanted.begin(), wanted.end(),
                    [&](const CLI::Option* one) { return one == option; }))
      names.push_back(NameOf(*option));
  }
  return names;
}

OptionRow RowOf(const CLI::Option& option,
                const std::vector<const CLI::Option*>& all) {
  OptionRow row;
  for (const std::string& name : option.get_snames())
    row.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames())
    row.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    row.value = type.substr(0, type.find(':'));
    row.choices = ChoicesOf(type);
    row.offer = OfferOf(row.value);
    if (row.value == "DIR|auto") row.choices = {"auto"};
  }
  row.required = option.get_required();
  row.several = option.get_items_expected_max() > 1;
  row.excludes = NamesOf(option.get_excludes(), all);
  row.needs = NamesOf(option.get_needs(), all);
  row.help = option.get_description();
  return row;
}

// Those with names, or the arguments. --help, which CLI11 gives each command,
// is among those that every command takes.
std::vector<OptionRow> RowsOf(const CLI::App& app, bool arguments) {
  const std::vector<const CLI::Option*> all = app.get_options();
  std::vector<OptionRow> rows;
  for (const CLI::Option* option : all) {
    const bool repeated =
        app.get_parent() != nullptr && option == app.get_help_ptr();
    if (option->get_positional() == arguments && !repeated)
      rows.push_back(RowOf(*option, all));
  }
  return rows;
}

}  // namespace

OptionTable ReadOptionTable() {
  CLI::App app;
  CommonOptions common;
  OptionTable table;
  for (const AddedCommand& command : AddCommandLine(&app, &common)) {
    table.commands.push_back(
        {command.options->get_name(), command.options->get_description(),
         RowsOf(*command.options, true), RowsOf(*command.options, false)});
  }
  table.help = app.get_description();
  table.options = RowsOf(app, false);
  return table;
}

std::string Joined(const std::vector<std::string>& words,
                   const std::string& between) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : between) + word;
  return text;
}

std::string WrittenBy() {
  return "Written by vsa_describe from the program's options: change those.\n";
}

}  // namespace vsa
