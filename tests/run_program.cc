#include "run_program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vsa {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Makes `descriptor` the file `path`.
void Redirect(int descriptor, const std::string& path, int flags) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

}  // namespace

Outcome RunProgram(const std::vector<std::string>& arguments,
                   const std::string& input,
                   const std::vector<std::string>& environment) {
  std::string folder =
      (std::filesystem::temp_directory_path() / "vsa_run.XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return {};
  std::ofstream(folder + "/in", std::ios::binary) << input;

  const pid_t child = fork();
  if (child == 0) {
    Redirect(STDIN_FILENO, folder + "/in", O_RDONLY);
    Redirect(STDOUT_FILENO, folder + "/out", O_WRONLY | O_CREAT);
    Redirect(STDERR_FILENO, folder + "/err", O_WRONLY | O_CREAT);
    unsetenv("VSA_MODEL");
    for (const std::string& variable : environment)
      putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> argv = {const_cast<char*>(VSA_PROGRAM)};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    alarm(120);
    execv(VSA_PROGRAM, argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Outcome outcome;
  outcome.exit_code =
      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = Contents(folder + "/out");
  outcome.err = Contents(folder + "/err");
  std::filesystem::remove_all(folder);
  return outcome;
}

}  // namespace vsa
