// What a command of vsa is to the command line: each is a file of its own,
// command_NAME.cc, and a line of the list in commands.h.
#ifndef VSA_PROGRAM_COMMAND_H_
#define VSA_PROGRAM_COMMAND_H_

#include <functional>
#include <memory>

#include "program/common_options.h"

namespace CLI {
class App;
}

namespace vsa {

constexpr int kExitFailedItem = 1;
constexpr int kExitUsage = 2;
constexpr int kExitSetup = 3;
constexpr int kExitNotMet = 4;
constexpr int kExitInterrupted = 130;

struct Command {
  // Does the work and returns the exit code. Throws Error where nothing, or
  // nothing more, can be done.
  using Run = std::function<int(const CommonOptions& common)>;

  const char* name;
  const char* help;  // a line in the list of commands
  // Adds its options to `app`. What it returns runs the command with the values
  // that are parsed into them, and outlives `app`.
  std::function<Run(CLI::App* app)> add;
};

// A command with options of its own: `add` adds them to its part of the command
// line, and puts into app->callback what is to be checked, and throws Error
// (kUsage), once all is parsed.
template <typename Options>
Command MakeCommand(const char* name, const char* help,
                    void (*add)(CLI::App* app, Options* options),
                    int (*run)(const CommonOptions& common,
                               const Options& options)) {
  return {name, help, [add, run](CLI::App* app) {
            const auto options = std::make_shared<Options>();
            add(app, options.get());
            return [options, run](const CommonOptions& common) {
              return run(common, *options);
            };
          }};
}

}  // namespace vsa

#endif  // VSA_PROGRAM_COMMAND_H_
