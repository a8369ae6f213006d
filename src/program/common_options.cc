#include "program/common_options.h"

#include <CLI/CLI.hpp>

namespace vsa {

void AddCommonOptions(CLI::App* app, CommonOptions* options) {
  app->add_option("--model", options->model,
                  "Model bundle: its folder, its name in the models folder, or "
                  "auto, the one for the language of the words (default: "
                  "$VSA_MODEL, else auto)")
      ->type_name("DIR|auto");
  app->add_option("--threads", options->threads,
                  "All threads of the run together (default: the cores this "
                  "process may use)")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  app->add_option("--dtype", options->dtype,
                  "Figures the networks compute with: auto (bf16 where the CPU "
                  "computes it natively), fp32, bf16")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"auto", "fp32", "bf16"}));
  auto* level =
      app->add_option(
             "--log-level", options->log_level,
             "What goes to stderr: off, error, info or debug (default: error)")
          ->type_name("LEVEL")
          ->check(CLI::IsMember({"off", "error", "info", "debug"}))
          ->each([options](const std::string& given) {
            options->quiet = given == "off";
          });
  auto* quiet = app->add_flag_callback(
      "--quiet",
      [options] {
        options->log_level = "error";
        options->quiet = true;
      },
      "Errors alone on stderr");
  app->add_flag_callback(
         "--verbose", [options] { options->log_level = "info"; },
         "Warnings on stderr too")
      ->excludes(quiet)
      ->excludes(level);
  quiet->excludes(level);
}

}  // namespace vsa
