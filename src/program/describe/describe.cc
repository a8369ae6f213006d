// vsa_describe FOLDER: writes the man pages and the completions of vsa into
// man/ and completions/ of FOLDER, from the options that the program has.
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/current_error.h"
#include "base/file.h"
#include "program/describe/completions.h"
#include "program/describe/man_page.h"
#include "program/describe/option_table.h"

namespace vsa {
namespace {

void Describe(const std::filesystem::path& folder) {
  const OptionTable table = ReadOptionTable();
  const auto write = [&](const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder / name).parent_path());
    WriteFile((folder / name).string(), text);
  };
  write("man/vsa.1", ManPage(table));
  for (const CommandRow& command : table.commands)
    write("man/vsa-" + command.name + ".1", ManPage(table, command));
  write("completions/vsa.bash", BashCompletion(table));
  write("completions/_vsa", ZshCompletion(table));
  write("completions/vsa.fish", FishCompletion(table));
}

}  // namespace
}  // namespace vsa

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: vsa_describe FOLDER\n", stderr);
    return 2;
  }
  try {
    vsa::Describe(argv[1]);
    return 0;
  } catch (...) {
    std::fprintf(stderr, "vsa_describe: %s\n",
                 vsa::CurrentError(argv[1]).what());
    return 1;
  }
}
